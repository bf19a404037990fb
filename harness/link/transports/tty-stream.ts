import { read, write } from 'node:fs';
import { promisify } from 'node:util';
import type { SerialPort } from 'serialport';
import type { HilError } from '../../errors.ts';
import { LineStream } from './line-stream.ts';

/** An open port of the serialport package, below its stream. */
export type BindingPort = Awaited<ReturnType<typeof SerialPort.binding.open>>;

const CHUNK_BYTES = 16 * 1024;
/** Events of libuv's uv_poll_t, as serialport's poller takes them. */
const POLL = { readable: 1, writable: 2, disconnect: 4 } as const;
type Wait = { readonly resolve: () => void; readonly reject: (error: Error) => void };
const readFd = promisify(read);
const writeFd = promisify(write);

/**
 * A port of this computer as a byte stream, unplugging noticed at once, also while nobody reads.
 *
 * On Linux and macOS it reads and writes the port's file descriptor itself, because serialport 13 (bindings-cpp, unix-read.ts)
 * takes a read of 0 bytes for "try again": after a hang-up that is for ever, at full load and without a word. A read or write
 * under way is also waited for before the descriptor is closed: closed under it, its number may by then be another file's, and
 * the port stays locked for a while (node-serialport #2735). Of the poller only the events are used: left to itself
 * (bindings-cpp, poller.cpp) it forgets a waiting reader while a writer waits, so that two sides that both write much wait for
 * each other for ever, and it runs hot while bytes wait that nobody reads.
 */
export class TtyStream extends LineStream {
  readonly #port: BindingPort;
  readonly #unplugged: (why: Error | null) => HilError;
  #reading = false;
  #ending = false;
  #underWay: Promise<unknown> = Promise.resolve();
  #closed: Promise<void> | null = null;
  readonly #waits: { readable?: Wait; writable?: Wait } = {};

  /** @param unplugged makes the error of a port that went away, of the system's reason */
  constructor(port: BindingPort, unplugged: (why: Error | null) => HilError) {
    super();
    this.#port = port;
    this.#unplugged = unplugged;
    if (!('poller' in port)) return;
    for (const event of ['readable', 'writable'] as const) port.poller.on(event, (error: Error | null) => this.#ready(event, error));
    port.poller.on('disconnect', (error: (Error & { canceled?: boolean }) | null) => {
      if (error?.canceled !== true) void this.#gone(error);
    });
    this.#poll();
  }

  override _read(): void {
    if (this.#reading || this.#ending) return;
    this.#reading = true;
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    this.#receive(buffer).then((count) => {
      this.#reading = false;
      if (this.destroyed || this.over) return;
      if (count === 0) void this.#gone(null);
      else this.push(buffer.subarray(0, count));
    }, (error: Error & { canceled?: boolean }) => {
      this.#reading = false;
      if (error.canceled !== true) void this.#gone(error);
    });
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#ending) return done();
    this.#send(chunk).then(() => done(), (error: Error & { canceled?: boolean }) => {
      if (error.canceled !== true) void this.#gone(error);
      done();
    });
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.release().then(() => done(error), () => done(error));
  }

  /** Closes the port; resolves when it is free. @throws Error where the system refuses */
  release(): Promise<void> {
    return (this.#closed ??= this.#release());
  }

  async #release(): Promise<void> {
    const port = this.#port;
    if ('poller' in port) port.poller.stop(); // ends waiting reads and writes as cancelled
    await this.#underWay.catch(() => undefined);
    // Output that the device does not take would hold up the closing (30 s for a UART of Linux).
    await port.flush().catch(() => undefined);
    await port.close();
  }

  /** Takes what the system still holds, then ends the stream. */
  async #gone(why: Error | null): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    await this.#underWay.catch(() => undefined);
    const port = this.#port;
    while ('poller' in port && port.fd !== null && this.#closed === null) {
      const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
      const last = readFd(port.fd, buffer, 0, buffer.length, null).then((done) => done.bytesRead, () => 0);
      this.#underWay = last;
      const count = await last;
      if (count === 0 || this.destroyed) break;
      this.push(buffer.subarray(0, count));
    }
    this.lost(this.#unplugged(why));
  }

  async #receive(buffer: Buffer): Promise<number> {
    const port = this.#port;
    if (!('poller' in port)) return (await port.read(buffer, 0, buffer.length)).bytesRead;
    for (;;) {
      const count = await this.#nowOrLater('readable', (fd) => readFd(fd, buffer, 0, buffer.length, null).then((done) => done.bytesRead));
      if (count !== null) return count;
    }
  }

  async #send(bytes: Buffer): Promise<void> {
    const port = this.#port;
    if (!('poller' in port)) return port.write(bytes);
    for (let sent = 0; sent < bytes.length;) {
      sent += (await this.#nowOrLater('writable', (fd) => writeFd(fd, bytes, sent, bytes.length - sent, null).then((done) => done.bytesWritten))) ?? 0;
    }
  }

  /** One attempt; where the port is not ready, waits until it may be and returns null. */
  async #nowOrLater(event: 'readable' | 'writable', attempt: (fd: number) => Promise<number>): Promise<number | null> {
    const port = this.#port;
    if (!('poller' in port) || port.fd === null || this.#closed !== null) throw Object.assign(new Error('closed'), { canceled: true });
    const trying = attempt(port.fd);
    this.#underWay = Promise.allSettled([this.#underWay, trying]);
    try {
      return await trying;
    } catch (error) {
      if (!['EAGAIN', 'EWOULDBLOCK', 'EINTR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
    if (this.#closed !== null) throw Object.assign(new Error('closed'), { canceled: true });
    await new Promise<void>((resolve, reject) => {
      this.#waits[event] = { resolve, reject };
      this.#poll();
    });
    return null;
  }

  #ready(event: 'readable' | 'writable', error: Error | null): void {
    const wait = this.#waits[event];
    delete this.#waits[event];
    if (error === null) {
      wait?.resolve();
      this.#poll();
    } else {
      wait?.reject(error);
    }
  }

  /** Waits for exactly what is wanted; for a hang-up always, or it would not be noticed while a reader is behind. */
  #poll(): void {
    const port = this.#port;
    if (!('poller' in port) || this.#closed !== null) return;
    port.poller.poll(POLL.disconnect | (this.#waits.readable ? POLL.readable : 0) | (this.#waits.writable ? POLL.writable : 0));
  }
}
