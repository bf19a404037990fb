import { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HilError } from '../../errors.ts';

/** Bytes kept for a reader that is behind, before the driver or the far end is made to wait. */
const READ_AHEAD_BYTES = 64 * 1024;

/**
 * The byte stream of a serial line. Where the port goes away, what was read before is still delivered, then the stream ends:
 * the last words of a board whose own USB port dies with it are worth more than the reason, which is kept in `failure`.
 */
export abstract class LineStream extends Duplex {
  #failure: HilError | undefined;
  #over = false;

  constructor() {
    super({ allowHalfOpen: false, autoDestroy: true, readableHighWaterMark: READ_AHEAD_BYTES });
    // A line that nobody listens to yet must not take the whole program down.
    this.on('error', () => undefined);
  }

  /** Why the stream ended by itself. */
  get failure(): HilError | undefined {
    return this.#failure;
  }

  /** The port is gone: nothing more will come, and what is written from now on is lost without an error. */
  protected lost(failure: HilError): void {
    if (this.#over || this.destroyed) return;
    this.#over = true;
    this.#failure = failure;
    this.push(null);
    // Without a reader 'end' never comes, and so neither would 'close'.
    if (this.readableFlowing === null && this.listenerCount('readable') === 0) this.destroy();
  }

  /** True after lost(). */
  protected get over(): boolean {
    return this.#over;
  }

  /** Waits until what was written has been handed on, at most for ms. */
  async handedOn(ms: number): Promise<void> {
    if (this.writableLength === 0 || this.destroyed) return;
    const over = new AbortController();
    // An empty write is done when those before it are.
    const done = new Promise<void>((resolve) => this.write(Buffer.alloc(0), () => resolve()));
    await Promise.race([done, sleep(ms, undefined, { signal: over.signal }).catch(() => undefined)]);
    over.abort();
  }

  /** Throws away what was received and not yet read, here and in buffers that it takes quietMs to empty. For before a link listens. */
  async discardReceived(quietMs: number): Promise<void> {
    this.read(0); // from now on it is received
    if (quietMs > 0) await sleep(quietMs);
    while (this.readableLength > 0 && this.read() !== null) { /* thrown away */ }
  }
}
