import { Duplex } from 'node:stream';
import type { Readable, Writable } from 'node:stream';

/** After the target's end: silence for so long means that no more bytes are on their way. */
const QUIET_MS = 100;

/**
 * One byte stream made of a target's output and input. When the output ends, what was read before is still delivered,
 * then the stream closes: a reader never waits for a target that is gone. What is written to a target that is gone is lost without an error: the reading side says when it is over.
 */
export class LinkStream extends Duplex {
  readonly #output: Readable;
  readonly #input: Writable;
  #full = false;
  #over = false;
  #lastByteAt = 0;

  constructor(output: Readable, input: Writable) {
    super({ allowHalfOpen: false, autoDestroy: true });
    this.#output = output;
    this.#input = input;
    output.on('data', (chunk: Buffer) => {
      if (this.#over) return;
      this.#lastByteAt = performance.now();
      this.#full = !this.push(chunk);
      if (this.#full) output.pause();
    });
    output.once('end', () => this.#targetGone());
    output.once('close', () => this.#targetGone());
    output.on('error', (error: Error) => this.#broken(error));
    // A target that has died refuses input while its last words are still in the other pipe: they say more than the refusal.
    if ((input as unknown) !== output) input.on('error', () => this.targetEnded());
    output.pause();
  }

  override _read(): void {
    this.#full = false;
    this.#output.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#input.write(chunk, (error) => done(isGone(error) ? null : error));
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#input.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#output.destroy();
    this.#input.destroy();
    done(error);
  }

  /**
   * Called by a driver when the target has ended. Its output mostly ends by itself then, after the last bytes; where
   * someone else holds the pipe open it would not, so silence counts as the end.
   */
  targetEnded(): void {
    this.#lastByteAt = performance.now();
    const look = setInterval(() => {
      // A reader that is behind keeps what the system still holds; one that never came does not.
      const waits = this.#full && (this.readableFlowing !== null || this.listenerCount('readable') > 0);
      if (!waits && performance.now() - this.#lastByteAt >= QUIET_MS) this.#targetGone();
      if (this.#over || this.destroyed) clearInterval(look);
    }, QUIET_MS / 4);
    look.unref();
  }

  #targetGone(): void {
    if (this.destroyed || this.#over) return;
    this.#over = true;
    this.push(null);
    // Without a reader 'end' never comes, and so neither would 'close'.
    if (this.readableFlowing === null && this.listenerCount('readable') === 0) this.destroy();
  }

  #broken(error: Error): void {
    // A reset by a dying target ends the stream; bytes that came before it stay readable.
    if (isGone(error)) this.#targetGone();
    else this.destroy(error);
  }
}

/** The other side is no longer there. */
function isGone(error: Error | null | undefined): boolean {
  const code = (error as NodeJS.ErrnoException | null | undefined)?.code;
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ERR_STREAM_DESTROYED';
}
