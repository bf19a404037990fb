import { Duplex } from 'node:stream';

const BASE = 115200;

/** The host's side of the line of firmware/agent/fixtures/line_main.c: what is said at another speed is garbage. */
export class KeyedLine extends Duplex {
  /** Every speed that was set, in order. */
  readonly speeds: number[] = [];
  baud = BASE;
  readonly #inner: Duplex;

  constructor(inner: Duplex) {
    super();
    this.#inner = inner;
    inner.on('data', (chunk: Buffer) => this.push(this.#keyed(chunk)));
    inner.on('end', () => this.push(null));
    inner.on('error', (error) => this.destroy(error));
  }

  /** This side cannot do more than 1.5 million. */
  setBaud(baud: number): Promise<void> {
    if (baud > 1_500_000) return Promise.reject(new Error(`the adapter does not do ${baud}`));
    this.speeds.push(baud);
    this.baud = baud;
    return Promise.resolve();
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#inner.write(this.#keyed(chunk), done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#inner.destroy();
    done(error);
  }

  #keyed(chunk: Buffer): Buffer {
    const key = this.baud === BASE ? 0 : (Math.floor(this.baud / 100) % 251) + 1;
    return Buffer.from(chunk.map((byte) => byte ^ key));
  }
}
