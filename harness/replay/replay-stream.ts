import { Duplex } from 'node:stream';
import { HilError } from '../errors.ts';
import { encodeFrame, type Frame } from '../link/frame.ts';
import { crc32 } from '../link/index.ts';
import { decodeData } from '../link/messages.ts';
import { typeName } from '../link/protocol.ts';
import { splitRecords } from '../link/splitter.ts';
import { frameType } from './frame-types.ts';
import type { ReplayClock } from './replay-clock.ts';
import { requestKey, type RecordedRequest, type RecordedSession, type Unasked } from './recorded-session.ts';

/** Bytes of the nonce with which HELLO and RUN begin, and what answers them. */
const NONCE_BYTES = 4;
/** Payload of a READ. */
const READ_BYTES = 9;
/** Neither text nor a frame. */
const GARBAGE = 0x81;
const TURNS_A_DEADLINE = 8;

export interface ReplayStreamOptions {
  readonly clock: ReplayClock;
  readonly onPrinted: (line: string) => void;
  /** The record has nothing more to say, and the run had been stopped there. @returns false where it had not */
  readonly onStopped: () => boolean;
  /** hil asks for something that the record does not have. */
  readonly onDiverged: (error: HilError) => void;
  readonly deviceId: string;
}

/**
 * The line to a device that is not there: answers what hil sends as the recorded device did. Requests of one kind come in the
 * recorded order; what is new each time (nonces, sequence numbers) is put right.
 */
export class ReplayStream extends Duplex {
  readonly #session: RecordedSession;
  readonly #o: ReplayStreamOptions;
  readonly #incoming = new Duplex({ read() {}, write(_chunk, _encoding, done) { done(); } });
  #run = -1;
  #hello = -1;
  #helloNonce = '';
  #runNonce: Buffer = Buffer.alloc(NONCE_BYTES);
  #nextUnasked = 0;
  #bytesGiven = 0;
  #waiting = new Set<number>();
  #silent = false;
  /** After what comes over the link: what the target printed at its end. */
  readonly #lastWords: number;

  constructor(session: RecordedSession, options: ReplayStreamOptions) {
    super({ allowHalfOpen: false });
    this.#session = session;
    this.#o = options;
    this.#lastWords = session.unasked.findLastIndex(({ kind }) => kind !== 'printed') + 1;
    void splitRecords(this.#incoming, { frame: (frame) => this.#take(frame), text: () => {}, damaged: () => {} }).catch(() => undefined);
    this.on('error', () => undefined);
  }

  /** What the target printed until its end, and was not yet told. */
  tellTheRest(): void {
    for (const event of this.#session.unasked.slice(this.#nextUnasked)) if (event.kind === 'printed') this.#o.onPrinted(event.line);
    this.#nextUnasked = this.#session.unasked.length;
  }

  /** RUNs of the record that were not asked for. */
  get runsLeft(): number {
    return this.#session.runs.length - 1 - this.#run;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#incoming.push(chunk);
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#incoming.push(null);
    this.#incoming.destroy();
    done(error);
  }

  #take(frame: Frame): void {
    if (this.destroyed) return;
    const type = typeName(frame.type);
    // A deadline passed: what is waited for in vain is asked again.
    if (this.#waiting.has(frame.seq) || (type === 'RUN' && frame.payload.subarray(0, NONCE_BYTES).equals(this.#runNonce))) return;
    const request = this.#find(type, frame);
    if (request === null || this.destroyed) return;
    request.used = true;
    const { answer } = request;
    if (answer === null) return this.#noAnswer(frame.seq);
    this.#giveUnasked(answer.place);
    const payload = type === 'HELLO' || (type === 'RUN' && answer.type !== 'REFUSED') ? withNonce(answer.payload, frame.payload) : answer.payload;
    this.#give(frameOf(answer.type, frame.seq, payload));
  }

  #find(type: string, frame: Frame): RecordedRequest | null {
    const { payload } = frame;
    if (type === 'HELLO') {
      const nonce = payload.toString('hex');
      if (nonce !== this.#helloNonce) this.#hello += 1;
      this.#helloNonce = nonce;
      return this.#session.hellos[this.#hello] ?? this.#diverged('hil says HELLO once more than the recorded run did');
    }
    if (type === 'RUN') return this.#findRun(payload);
    const key = requestKey(type, payload.length, payload, crc32(payload));
    const asks = this.#session.asks[this.#run + 1] ?? [];
    const found = asks.find((each) => each.key === key && !each.used) ?? asks.findLast((each) => each.key === key);
    // Without an answer of its own it was sent in parts, where others came after it.
    const wentOn = this.#run + 1 < this.#session.runs.length || asks.slice(asks.indexOf(found as RecordedRequest) + 1).some(({ answer }) => answer !== null);
    if (found !== undefined && (found.answer !== null || !wentOn)) return found;
    const made = this.#session.noisy ? assembled(type, payload, asks) : null;
    if (made !== null || this.#stoppedHere()) return made;
    return this.#diverged(`hil sends ${this.#after()} ${described(type, payload)}, which the recorded run did not`);
  }

  #findRun(payload: Buffer): RecordedRequest | null {
    if (this.#run + 1 >= this.#session.runs.length && this.#stoppedHere()) return null;
    this.#run += 1;
    this.#runNonce = payload.subarray(0, NONCE_BYTES);
    const recorded = this.#session.runs[this.#run];
    if (recorded === undefined) return this.#diverged(`hil asks for RUN ${this.#run + 1}; the recorded run had ${this.#run}`);
    const [now, then] = [payload.subarray(NONCE_BYTES).toString('hex'), recorded.payload?.subarray(NONCE_BYTES).toString('hex')];
    return now === then ? recorded : this.#diverged(`RUN ${this.#run + 1} is not what was recorded: ${now.slice(0, 120)}, it was ${then?.slice(0, 120)}`);
  }

  /** The record has been played to its end, and ends because the run was stopped between two requests. */
  #stoppedHere(): boolean {
    const { runs, asks } = this.#session;
    return this.#run + 1 >= runs.length && (asks.at(-1) ?? []).every(({ used }) => used) && this.#o.onStopped();
  }

  #after(): string {
    return this.#run < 0 ? 'before the first RUN' : `after RUN ${this.#run + 1}`;
  }

  #diverged(what: string): null {
    const error = new HilError('bench', 'replay.diverged', `device ${this.#o.deviceId}: the replay leaves the record: ${what}`,
      { hint: 'This hil drives the device otherwise than the one that recorded the run: compare their versions.' });
    this.#o.onDiverged(error);
    this.destroy(error);
    return null;
  }

  /** The device never answered this one: the rest of what it said, then its end, or silence. */
  #noAnswer(seq: number): void {
    const nextHello = this.#session.hellos[this.#hello + 1];
    // After a change of speed that failed, HELLO is said again, and heard.
    this.#giveUnasked(nextHello?.answer?.place ?? Infinity);
    this.#waiting.add(seq);
    if (nextHello === undefined && this.#session.closed !== null) return this.#close(this.#session.closed);
    if (this.#session.unasked.some(endsSession) && nextHello === undefined) return;
    if (nextHello === undefined && this.#o.onStopped()) return;
    if (!this.#silent) this.#waitInVain();
  }

  #close({ bytes, why }: NonNullable<RecordedSession['closed']>): void {
    // Delimiters alone say nothing; the number of bytes is told in messages.
    const missing = bytes - this.#bytesGiven;
    if (missing > 0 && missing < 1 << 20) this.#give(Buffer.alloc(missing));
    // What was given is read first.
    setImmediate(() => (why === null ? this.push(null) : setImmediate(() => this.destroy(new Error(why)))));
  }

  /** Deadlines pass one after the other until the host does something else, or gives up. */
  #waitInVain(): void {
    this.#silent = true;
    let turns = 0;
    const turn = (): void => {
      // What was given is on its way to the reader for some turns of the event loop.
      const over = this.destroyed || this.#waiting.size === 0 || (++turns % TURNS_A_DEADLINE === 0 && !this.#o.clock.expireNext());
      if (over) this.#silent = false;
      else setImmediate(turn);
    };
    setImmediate(turn);
  }

  #giveUnasked(before: number): void {
    for (let next = this.#session.unasked[this.#nextUnasked]; next !== undefined && next.place < before && this.#nextUnasked < this.#lastWords; next = this.#session.unasked[this.#nextUnasked]) {
      this.#nextUnasked += 1;
      this.#giveOne(next);
    }
  }

  #giveOne(event: Unasked): void {
    switch (event.kind) {
      case 'frame': return this.#give(frameOf(event.type, 0, event.type === 'PROGRESS' ? withNonce(event.payload, this.#runNonce) : event.payload));
      case 'text': return this.#give(Buffer.concat([event.bytes, Buffer.alloc(1)]));
      // Whether something ended the last of it is not known.
      case 'garbage': return this.#give(Buffer.concat([Buffer.alloc(Math.min(event.count, 1 << 20), GARBAGE), Buffer.alloc(event === this.#session.unasked.at(-1) ? 0 : 1)]));
      case 'printed': return this.#o.onPrinted(event.line);
    }
  }

  #give(bytes: Buffer): void {
    this.#waiting.clear();
    this.#bytesGiven += bytes.length;
    this.push(bytes);
  }
}

const endsSession = (event: Unasked): boolean => event.kind === 'frame' && (event.type === 'FAULT' || event.type === 'HANG');

/** @param type one that the transcript's reader knew */
function frameOf(type: string, seq: number, payload: Buffer): Buffer {
  return encodeFrame(frameType(type) as number, seq, payload);
}

function withNonce(payload: Buffer, from: Buffer): Buffer {
  return Buffer.concat([from.subarray(0, NONCE_BYTES), payload.subarray(NONCE_BYTES)]);
}

/** The answer to a transfer that the line had broken into others: WRITEs that came through all the same, READs put together. */
function assembled(type: string, payload: Buffer, asks: readonly RecordedRequest[]): RecordedRequest | null {
  const at = (place: number, of: string, answer: Buffer): RecordedRequest => ({ type, key: '', payload, used: false, answer: { place, type: of, payload: answer } });
  if (type === 'WRITE') {
    const last = asks.findLast((each) => each.type === 'WRITE' && each.answer !== null);
    if (last?.answer == null) return null;
    const answer = Buffer.alloc(8);
    payload.copy(answer, 0, 1, 5);
    answer.writeUInt32LE(payload.length - 5, 4);
    return at(last.answer.place, 'WRITE_OK', answer);
  }
  if (type !== 'READ' || payload.length !== READ_BYTES) return null;
  const [offset, count] = [payload.readUInt32LE(1), payload.readUInt32LE(5)];
  const bytes = Buffer.alloc(count);
  const known = new Uint8Array(count);
  let place = 0;
  for (const { answer } of asks) {
    if (answer?.type !== 'DATA') continue;
    const data = decodeData(answer.payload);
    const [from, to] = [Math.max(offset, data.offset), Math.min(offset + count, data.offset + data.bytes.length)];
    if (from >= to) continue;
    data.bytes.copy(bytes, from - offset, from - data.offset, to - data.offset);
    known.fill(1, from - offset, to - offset);
    place = Math.max(place, answer.place);
  }
  return known.includes(0) ? null : at(place, 'DATA', Buffer.concat([payload.subarray(0, 5), bytes]));
}

function described(type: string, payload: Buffer): string {
  if (type === 'WRITE' && payload.length >= 5) return `a WRITE of ${payload.length - 5} bytes (CRC ${crc32(payload.subarray(5)).toString(16)}) to ${payload.readUInt32LE(1)}`;
  if (type === 'READ' && payload.length === READ_BYTES) return `a READ of ${payload.readUInt32LE(5)} bytes from ${payload.readUInt32LE(1)}`;
  return `a ${type} (${payload.subarray(0, 32).toString('hex')})`;
}
