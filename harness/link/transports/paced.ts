import { Writable } from 'node:stream';
import type { LinkPace } from '../link.ts';

/** So many bytes at once, then a gap. */
interface Step {
  readonly bytes: number;
  readonly gapMs: number;
}

/**
 * From 100 bytes a second, the slowest that was ever needed (mbed-fastmodel-agent sleeps 10 ms a character), to about 32 kB/s,
 * more than the simulated UARTs take anyway.
 */
const STEPS: readonly Step[] = [
  { bytes: 1, gapMs: 10 }, { bytes: 1, gapMs: 5 }, { bytes: 1, gapMs: 2 }, { bytes: 1, gapMs: 1 },
  { bytes: 2, gapMs: 1 }, { bytes: 4, gapMs: 1 }, { bytes: 8, gapMs: 1 }, { bytes: 16, gapMs: 1 }, { bytes: 32, gapMs: 1 },
];
/** About 1 kB/s: slow enough for most, and a HELLO takes 15 ms. */
const FIRST_STEP = 3;
/** Bytes answered without a loss before a faster step is tried; for a step that has failed, so many times more each time. */
const BYTES_TO_TRY = 48;
const PATIENCE_FACTOR = 4;
const MOST_PATIENCE = 50_000;
/**
 * A step that has carried so many bytes since its last loss stays: on a busy computer two pieces now and then arrive as
 * one, and what that costs is less than half the speed.
 */
const PROVEN_BYTES = 128;
/** Before a write's last byte: what is still in a small buffer should be out of it. The longer one as long as the step is not proven. */
const CLOSING_GAP_MS = 3;
const CAREFUL_CLOSING_GAP_MS = 10;
/** With each frame and its answer apart, longer frames would only lose more when a byte is lost. */
const WRITE_BYTES = 128;

/**
 * Writes to a device that has next to no receive buffer, and no flow control: in small pieces with gaps, faster while
 * nothing is lost, slower when told of a loss. A writable side only: reading needs no pace. Takes bytes until all before
 * them are on their way, so that whoever writes is held back.
 */
export class PacedWriter extends Writable implements LinkPace {
  readonly writeBytes = WRITE_BYTES;
  readonly #target: Writable;
  readonly #patience: number[] = STEPS.map(() => BYTES_TO_TRY);
  #step = FIRST_STEP;
  #clean = 0;
  #answered = false;
  #sentSinceLoss = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param target a socket should not gather small writes (setNoDelay) */
  constructor(target: Writable) {
    super();
    this.#target = target;
  }

  /** Bytes a second, gaps taken as they should be. */
  get bytesPerSecond(): number {
    const { bytes, gapMs } = STEPS[this.#step]!;
    return (bytes * 1000) / gapMs;
  }

  lost(): void {
    // One loss is often told of more than once: as damage, and as a request sent again.
    if (!this.#sentSinceLoss) return;
    this.#sentSinceLoss = false;
    const proven = this.#clean >= PROVEN_BYTES;
    this.#clean = 0;
    if (proven) return;
    // Before the first answer it may just be that nobody listens yet.
    if (this.#answered) this.#patience[this.#step] = Math.min(this.#patience[this.#step]! * PATIENCE_FACTOR, MOST_PATIENCE);
    this.#step = Math.max(0, this.#step - 1);
  }

  fine(bytes: number): void {
    this.#answered = true;
    this.#clean += bytes;
    if (this.#clean >= PROVEN_BYTES) this.#patience[this.#step] = BYTES_TO_TRY;
    if (this.#step + 1 === STEPS.length || this.#clean < this.#patience[this.#step + 1]!) return;
    this.#clean = 0;
    this.#step += 1;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    let at = 0;
    const next = (): void => {
      if (at === chunk.length || this.destroyed || !this.#target.writable) {
        done();
        return;
      }
      const { bytes, gapMs } = STEPS[this.#step]!;
      const left = chunk.length - at;
      // The last byte goes alone: it closes a frame, and where it comes through the device can say at once that others did not.
      const piece = chunk.subarray(at, at + Math.min(bytes, left > 1 ? left - 1 : 1));
      at += piece.length;
      this.#sentSinceLoss = true;
      this.#target.write(piece);
      const closingMs = this.#clean < PROVEN_BYTES ? CAREFUL_CLOSING_GAP_MS : CLOSING_GAP_MS;
      this.#timer = setTimeout(next, at === chunk.length - 1 ? Math.max(gapMs, closingMs) : gapMs);
    };
    next();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#target.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#timer);
    this.#target.destroy();
    done(error);
  }
}
