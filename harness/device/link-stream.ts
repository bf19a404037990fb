import { Duplex } from 'node:stream';
import type { Readable, Writable } from 'node:stream';

/**
 * One byte stream made of a target's output and input. When the output ends, what was read before is still delivered,
 * then the stream closes: a reader never waits for a target that is gone. Writing to a target that is gone is an error.
 */
export class LinkStream extends Duplex {
  readonly #output: Readable;
  readonly #input: Writable;

  constructor(output: Readable, input: Writable) {
    super({ allowHalfOpen: false, autoDestroy: true });
    this.#output = output;
    this.#input = input;
    output.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) output.pause();
    });
    output.once('end', () => this.#targetGone());
    output.once('close', () => this.#targetGone());
    for (const part of new Set([output, input])) part.on('error', (error: Error) => this.#broken(error));
    output.pause();
  }

  override _read(): void {
    this.#output.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#input.write(chunk, done);
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

  /** Called by a driver when the target has ended: no more bytes will come, whoever else may hold the pipe. */
  targetEnded(): void {
    if (this.readableEnded || this.destroyed) return;
    // Bytes that the system still holds come first; if nobody reads, the stream must close all the same.
    setTimeout(() => this.#targetGone(), 100).unref();
  }

  #targetGone(): void {
    if (this.destroyed || this.readableEnded) return;
    this.push(null);
    // Without a reader 'end' never comes, and so neither would 'close'.
    if (this.readableFlowing === null) this.destroy();
  }

  #broken(error: Error): void {
    // A reset by a dying target ends the stream; bytes that came before it stay readable.
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE') this.#targetGone();
    else this.destroy(error);
  }
}
