import { Duplex, Transform } from 'node:stream';
import type { TransformCallback } from 'node:stream';
import { seededRandom } from './random.ts';

/** What one direction of a bad line does. Rates are chances for each byte. */
export interface Faults {
  readonly flip?: number;
  readonly drop?: number;
  readonly double?: number;
  readonly insert?: number;
  /** Chance that a chunk is cut after a byte. */
  readonly split?: number;
  /** Chance, at each border between two frames, that somebody prints there. */
  readonly print?: number;
  /** Lets this many bytes through and then nothing more, without closing. */
  readonly silentAfter?: number;
  /** Lets this many bytes through and then tears the line down. */
  readonly closeAfter?: number;
}

/** How often each thing was done. */
export interface FaultCounts {
  flipped: number;
  dropped: number;
  doubled: number;
  inserted: number;
  split: number;
  printed: number;
}

export interface FaultyWire {
  /** The host's end. */
  readonly stream: Duplex;
  readonly toDevice: FaultCounts;
  readonly fromDevice: FaultCounts;
}

/** Puts a bad line before a stream. The same seed does the same to the same bytes. */
export function faultyWire(inner: Duplex, seed: number, toDevice: Faults, fromDevice: Faults): FaultyWire {
  const down = new Noise(seededRandom(seed), toDevice);
  const up = new Noise(seededRandom(seed + 1), fromDevice);
  const stream = new Duplex({
    read: () => void up.resume(),
    write: (chunk: Buffer, _encoding, done) => void (down.write(chunk) ? done() : down.once('drain', done)),
    final: (done) => void down.end(done),
    destroy: (error, done) => {
      inner.destroy();
      done(error);
    },
  });
  const tearDown = (): void => void stream.destroy(new Error('the line was cut'));
  down.onCut = up.onCut = tearDown;
  down.pipe(inner);
  inner.pipe(up);
  inner.on('error', (error) => stream.destroy(error));
  inner.on('close', () => up.end());
  up.on('data', (chunk: Buffer) => {
    if (!stream.push(chunk)) up.pause();
  });
  up.on('end', () => stream.push(null));
  return { stream, toDevice: down.counts, fromDevice: up.counts };
}

const PRINTED = Buffer.from('printf: \u00e4 line of somebody else\n');

class Noise extends Transform {
  readonly counts: FaultCounts = { flipped: 0, dropped: 0, doubled: 0, inserted: 0, split: 0, printed: 0 };
  onCut: () => void = () => {};
  readonly #random: () => number;
  readonly #faults: Faults;
  #passed = 0;
  #lastZero = false;

  constructor(random: () => number, faults: Faults) {
    super();
    this.#random = random;
    this.#faults = faults;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const { flip = 0, drop = 0, double = 0, insert = 0, split = 0, print = 0, silentAfter = Infinity, closeAfter = Infinity } = this.#faults;
    let out: number[] = [];
    const hit = (rate: number): boolean => rate > 0 && this.#random() < rate;
    for (const byte of chunk) {
      if (this.#passed >= closeAfter) {
        this.push(Buffer.from(out));
        setImmediate(this.onCut); // after what was let through has come out
        done();
        return;
      }
      if (this.#passed++ >= silentAfter) break;
      if (byte === 0 && this.#lastZero && hit(print)) {
        out.push(...PRINTED);
        this.counts.printed += 1;
      }
      this.#lastZero = byte === 0;
      if (hit(drop)) this.counts.dropped += 1;
      else if (hit(flip)) {
        out.push(byte ^ (1 << Math.floor(this.#random() * 8)));
        this.counts.flipped += 1;
      } else out.push(byte);
      if (hit(double)) {
        out.push(byte);
        this.counts.doubled += 1;
      }
      if (hit(insert)) {
        out.push(Math.floor(this.#random() * 256));
        this.counts.inserted += 1;
      }
      if (hit(split)) {
        this.push(Buffer.from(out));
        out = [];
        this.counts.split += 1;
      }
    }
    if (out.length > 0) this.push(Buffer.from(out));
    done();
  }
}
