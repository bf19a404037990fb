import type { Duplex } from 'node:stream';
import { HilError } from '../errors.ts';
import { LastWords } from './banners.ts';
import { decodeBoot } from './boot.ts';
import type { Boot } from './boot.ts';
import { Exchange } from './exchange.ts';
import type { Frame } from './frame.ts';
import { HELLO_INTERVAL_MS } from './hello.ts';
import { LinkErrors } from './link-errors.ts';
import type { Received } from './link-errors.ts';
import type { LinkOptions } from './link.ts';
import { decodeDamaged, decodeProgress } from './messages.ts';
import type { Progress } from './messages.ts';
import { ANSWER, REQUEST } from './protocol.ts';
import { decodeFault } from './run-messages.ts';
import { splitRecords } from './splitter.ts';
import { Stats } from './stats.ts';
import { LogLines, Sample } from './text.ts';
import { frameEvent, otherEvent } from './transcript.ts';

/** With a pace a HELLO may itself take longer than the usual interval. */
const PACED_HELLO_INTERVAL_MS = 400;
const MAX_RETRIES = 12;
/** Characters of unexpected text that an error message quotes. */
const QUOTED = 300;
/** BOOTs before the first answer that are remembered. */
const MAX_BOOTS = 100;

/**
 * Joins a byte stream with the exchange of requests: writes its frames, sorts what comes in, counts and records both, and
 * turns the stream's end, an abort and the device's own reports into failures of everything outstanding.
 */
export class Wire {
  readonly exchange: Exchange;
  readonly errors: LinkErrors;
  readonly stats: Stats;
  /** Told of the progress of a RUN, and of every sign of life. */
  onProgress: ((progress: Progress) => void) | undefined;
  onSign: (() => void) | undefined;
  /** Build id of the image that answered HELLO: from then on a BOOT means that the device was reset. */
  session: string | null = null;
  /** The two sides may differ in speed: what comes is garbage, and says nothing of the line. */
  changingSpeed = false;
  readonly #stream: Duplex;
  readonly #o: LinkOptions;
  readonly #start: number;
  readonly #logs: LogLines;
  readonly #text = new Sample(QUOTED);
  readonly #words = new LastWords();
  readonly #boots: Boot[] = [];
  readonly #stopped = new AbortController();
  readonly #reading: Promise<void>;
  #damagedBytes = 0;

  constructor(stream: Duplex, options: LinkOptions) {
    this.#stream = stream;
    this.#o = options;
    this.#start = options.clock.now();
    this.errors = new LinkErrors(options.deviceId, this.#words);
    this.#logs = new LogLines((line) => options.onLog?.(line));
    this.exchange = new Exchange({
      clock: options.clock,
      errors: this.errors,
      send: (wire, frame, again) => this.#send(wire, frame, again),
      onFailure: () => this.#stopped.abort(),
      onFirstTime: (bytes) => options.pace?.fine(bytes),
      helloIntervalMs: options.helloIntervalMs ?? (options.pace === undefined ? HELLO_INTERVAL_MS : PACED_HELLO_INTERVAL_MS),
      replyTimeoutMs: options.replyTimeoutMs,
      maxRetries: options.maxRetries ?? MAX_RETRIES,
    });
    this.stats = new Stats(() => this.exchange.busyMs);
    // A write that fails must not end the reading side: the device's last words may still be on their way.
    stream.on('error', () => {});
    this.#reading = this.#read();
    const abort = (): void => this.exchange.fail(this.errors.cancelled());
    if (options.signal.aborted) abort();
    else options.signal.addEventListener('abort', abort, { once: true, signal: this.#stopped.signal });
  }

  /** What came before the first answer. */
  get received(): Received {
    const { bytesFromDevice, framesReceived } = this.stats;
    return { bytes: bytesFromDevice, text: this.#text, damagedBytes: this.#damagedBytes, frames: framesReceived, boots: this.#boots };
  }

  /** Ends the link. @returns when nothing more will be read or called. */
  async close(): Promise<void> {
    this.exchange.fail(this.errors.closedByUs());
    await this.#reading;
  }

  #now(): number {
    return this.#o.clock.now() - this.#start;
  }

  #send(wire: Buffer, frame: Frame, again: boolean): void {
    this.stats.framesSent += 1;
    this.stats.bytesToDevice += wire.length;
    if (again && frame.type !== REQUEST.hello) this.stats.resent += 1;
    // A RUN is repeated after mere silence, too.
    if (again && frame.type !== REQUEST.run) this.#o.pace?.lost();
    this.#o.transcript?.record(frameEvent(this.#now(), 'to-device', frame, again ? 'sent again' : undefined));
    if (this.#stream.writable) this.#stream.write(wire);
  }

  async #read(): Promise<void> {
    const handlers = {
      frame: (frame: Frame) => this.#frame(frame),
      text: (bytes: Buffer) => this.#print(bytes),
      damaged: (bytes: number) => this.#damage(bytes),
      bytes: (count: number) => void (this.stats.bytesFromDevice += count),
    };
    try {
      await splitRecords(this.#stream, handlers, { liveText: true, signal: this.#stopped.signal });
      this.#closed(undefined);
      this.exchange.fail(this.errors.closed(this.stats.bytesFromDevice, undefined));
    } catch (error) {
      this.#closed(error);
      this.exchange.fail(error instanceof HilError ? error : this.errors.closed(this.stats.bytesFromDevice, error));
    } finally {
      this.#stream.destroy();
    }
  }

  /** Notes that the stream ended, where it did so by itself. */
  #closed(error: unknown): void {
    if (this.exchange.failure !== undefined) return;
    this.#o.transcript?.record(otherEvent(this.#now(), 'closed', this.stats.bytesFromDevice, error instanceof Error ? error.message : undefined));
  }

  #print(bytes: Buffer): void {
    this.stats.textBytes += bytes.length;
    const text = bytes.subarray(0, QUOTED).toString('utf8');
    this.#o.transcript?.record(otherEvent(this.#now(), 'text', bytes.length, text, bytes));
    if (this.changingSpeed) return; // short garbage can look like text
    this.#text.add(text);
    this.#logs.take(bytes);
    this.#words.take(bytes.toString('utf8'));
    this.#sign();
  }

  #damage(bytes: number): void {
    if (!this.changingSpeed) this.stats.damaged += 1;
    this.#damagedBytes += bytes;
    this.#o.transcript?.record(otherEvent(this.#now(), 'damaged', bytes));
  }

  #sign(): void {
    this.exchange.touch();
    this.onSign?.();
  }

  #frame(frame: Frame): void {
    this.stats.framesReceived += 1;
    let taken = false;
    try {
      taken = frame.seq === 0 ? this.#unasked(frame) : this.exchange.answer(frame);
    } catch (error) {
      this.exchange.fail(this.errors.malformed(frame.type, error));
    }
    if (!taken) this.stats.stale += 1;
    if (taken && frame.type !== ANSWER.boot) this.#words.alive();
    this.#o.transcript?.record(frameEvent(this.#now(), 'from-device', frame, taken ? undefined : 'stale'));
    this.#sign();
  }

  /** @throws MalformedError */
  #unasked(frame: Frame): boolean {
    switch (frame.type) {
      case ANSWER.fault:
      case ANSWER.hang:
        this.exchange.fail(this.errors.target(frame.type, decodeFault(frame.payload)));
        return true;
      case ANSWER.damaged:
        decodeDamaged(frame.payload);
        this.#o.pace?.lost();
        if (!this.changingSpeed) this.stats.damagedOnDevice += 1;
        this.exchange.damaged();
        return true;
      case ANSWER.progress:
        this.onProgress?.(decodeProgress(frame.payload));
        return true;
      case ANSWER.boot: {
        const boot = decodeBoot(frame.payload);
        if (this.session !== null) this.exchange.fail(this.errors.reset(boot, this.exchange.running, this.session));
        else if (this.#boots.length < MAX_BOOTS) this.#boots.push(boot);
        return true;
      }
      default:
        return false;
    }
  }
}
