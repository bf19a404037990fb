import { HilError } from '../errors.ts';
import type { Clock } from './clock.ts';
import { encodeFrame } from './frame.ts';
import type { Frame } from './frame.ts';
import { MalformedError } from './fields.ts';
import { LinkErrors } from './link-errors.ts';
import { decodeRefused } from './messages.ts';
import { ANSWER } from './protocol.ts';

export interface Request {
  readonly type: number;
  readonly payload: Buffer;
  /** Takes the answer. @returns false where the frame answers something else (an older request). @throws MalformedError */
  readonly accept: (answer: Frame) => boolean;
  /**
   * hello: asked again at a fixed pace until the caller gives up. run: sent alone, asked again after ever longer silence
   * until the caller gives up. Default: asked again maxRetries times.
   */
  readonly kind?: 'hello' | 'run';
  /** Smaller requests that do the same together, for a line on which long frames don't get through; null: no smaller. */
  readonly split?: () => readonly Request[] | null;
}

/** Gives requests one after the other, made when there is room to send them; null when there are no more. */
export type RequestSource = () => Request | null;

export interface ExchangeOptions {
  readonly clock: Clock;
  readonly errors: LinkErrors;
  /** Writes a frame; `again` where it was sent before. */
  readonly send: (wire: Buffer, frame: Frame, again: boolean) => void;
  /** Told of a failure that ends the link. */
  readonly onFailure: (error: HilError) => void;
  readonly helloIntervalMs: number;
  readonly replyTimeoutMs: number;
  readonly maxRetries: number;
}

interface Job {
  readonly source: RequestSource;
  readonly resolve: () => void;
  readonly reject: (error: HilError) => void;
  outstanding: number;
  exhausted: boolean;
}

interface Pending {
  readonly job: Job;
  readonly request: Request;
  readonly frame: Frame;
  readonly wire: Buffer;
  attempts: number;
  /** How often the device reported damage while this was the oldest. */
  damages: number;
  /** Place, in all that was ever sent, of the earliest transmission that may still be answered, and of the latest. */
  firstOrder: number;
  lastOrder: number;
}

/**
 * Far below 255, so that a sequence number is used again only long after every answer to its last use has come: the
 * device answers in order, so answers that are still to come belong to the latest 127 requests.
 */
const MAX_OUTSTANDING = 127;
/** A request lost so often is sent in parts, where it has any. */
const SPLIT_AFTER = 2;
/** A deadline grows up to so many times replyTimeoutMs. */
const MAX_PATIENCE = 8;

/**
 * Requests and their answers: numbers, the window, and sending again what was lost. Both directions keep their order, so
 * an answer to a later request shows that an earlier one was lost; only what is lost last needs a deadline.
 */
export class Exchange {
  readonly #o: ExchangeOptions;
  /** In the order of their latest transmission. */
  readonly #pending = new Map<number, Pending>();
  readonly #jobs: Job[] = [];
  /** Made but not sent yet, in the order to be sent. */
  #waiting: Pending[] = [];
  #windowBytes = 0;
  #inFlight = 0;
  #seq = 0;
  #order = 0;
  #failure: HilError | undefined;
  #cancelTimer: (() => void) | null = null;
  #lastSign = 0;
  #patience = 1;
  /** DAMAGED seen and not yet acted upon, and the request that was sent again for the last one acted upon. */
  #owed = 0;
  #probe: Pending | null = null;
  #busySince = 0;
  readonly #times = { run: 0, other: 0 };

  constructor(options: ExchangeOptions) {
    this.#o = options;
  }

  get failure(): HilError | undefined {
    return this.#failure;
  }

  /** Milliseconds with a request outstanding. */
  get busyMs(): { readonly run: number; readonly other: number } {
    return this.#times;
  }

  /** @param bytes encoded request bytes that may be without an answer */
  setWindow(bytes: number): void {
    this.#windowBytes = bytes;
  }

  /** Sends all requests of a source, as the window allows. @returns when all are answered. @throws HilError */
  submit(source: RequestSource): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#jobs.push({ source, resolve, reject, outstanding: 0, exhausted: false });
      this.#pump();
    });
  }

  /** Ends everything with an error; later requests fail with it too. The first one counts. */
  fail(error: HilError): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#settleBusy();
    const jobs = new Set([...this.#jobs, ...[...this.#pending.values(), ...this.#waiting].map((p) => p.job)]);
    this.#pending.clear();
    this.#jobs.length = 0;
    this.#waiting = [];
    for (const job of jobs) job.reject(error);
    this.#o.onFailure(error);
  }

  /** The device was heard: a RUN is alive. */
  touch(): void {
    for (const p of this.#pending.values()) {
      if (p.request.kind === 'run') this.#lastSign = this.#o.clock.now();
      return; // a RUN is always alone
    }
  }

  /** Takes a frame that carries a sequence number. @returns false where it answers nothing that is outstanding. */
  answer(frame: Frame): boolean {
    const p = this.#pending.get(frame.seq);
    if (p === undefined) return false;
    try {
      if (frame.type === ANSWER.refused) {
        const refusal = decodeRefused(frame.payload);
        if (refusal.type !== p.request.type) return false;
        this.#rejectJob(p.job, this.#o.errors.refused(refusal.type, refusal.reason));
      } else if (!p.request.accept(frame)) {
        return false;
      }
    } catch (error) {
      this.fail(error instanceof HilError ? error : this.#o.errors.malformed(frame.type, error));
      if (!(error instanceof HilError || error instanceof MalformedError)) throw error;
      return true;
    }
    this.#settle(p);
    return true;
  }

  /** The device received something that is no frame: probably the oldest request. */
  damaged(): void {
    const oldest: Pending | undefined = this.#pending.values().next().value;
    // Every report counts as a sign of life; a device that takes no request at all must not keep a RUN waiting for ever.
    if (oldest?.request.kind === 'run' && ++oldest.damages > this.#o.maxRetries) {
      this.fail(this.#o.errors.noAnswer(oldest.request.type, oldest.attempts));
      return;
    }
    this.#owed = Math.min(this.#owed + 1, this.#pending.size);
    this.#repayDamage();
    this.#pump();
  }

  #settle(p: Pending): void {
    this.#remove(p);
    this.#lastSign = this.#o.clock.now();
    if (p.attempts === 1 && this.#patience > 1) {
      this.#patience = 1;
      this.#cancelTimer?.();
      this.#cancelTimer = null;
    }
    for (const q of this.#pending.values()) {
      if (q.lastOrder >= p.firstOrder) break;
      this.#sendAgain(q, true);
    }
    if (this.#probe === p) this.#probe = null;
    this.#repayDamage();
    this.#pump();
    this.#arm();
    this.#finish(p.job);
  }

  #repayDamage(): void {
    // One at a time: a damaged frame can fall into several pieces, and each of them is reported.
    if (this.#owed === 0 || this.#probe !== null) return;
    for (const oldest of this.#pending.values()) {
      this.#owed -= 1;
      if (oldest.request.kind === 'hello') return; // has its own pace
      this.#probe = oldest;
      this.#sendAgain(oldest, false);
      return;
    }
    this.#owed = 0;
  }

  #remove(p: Pending): void {
    this.#pending.delete(p.frame.seq);
    this.#inFlight -= p.wire.length;
    p.job.outstanding -= 1;
    if (this.#pending.size === 0) this.#settleBusy(p);
  }

  #settleBusy(last?: Pending): void {
    const p = last ?? this.#pending.values().next().value;
    if (p === undefined) return;
    this.#times[p.request.kind === 'run' ? 'run' : 'other'] += this.#o.clock.now() - this.#busySince;
  }

  #finish(job: Job): void {
    if (job.exhausted && job.outstanding === 0) job.resolve();
  }

  #rejectJob(job: Job, error: HilError): void {
    job.exhausted = true;
    this.#waiting = this.#waiting.filter((p) => p.job !== job);
    const at = this.#jobs.indexOf(job);
    if (at >= 0) this.#jobs.splice(at, 1);
    job.reject(error);
  }

  #pump(): void {
    while (this.#failure === undefined) {
      const p = this.#waiting[0] ?? this.#nextRequest();
      if (p === null) return;
      if (this.#waiting.length === 0) this.#waiting.push(p);
      if (!this.#mayBeSent(p)) return;
      this.#waiting.shift();
      if (this.#pending.size === 0) {
        this.#busySince = this.#lastSign = this.#o.clock.now();
      }
      this.#inFlight += p.wire.length;
      this.#transmit(p, false);
      p.firstOrder = p.lastOrder;
      this.#arm();
    }
  }

  #nextRequest(): Pending | null {
    for (let job = this.#jobs[0]; job !== undefined; job = this.#jobs[0]) {
      const request = job.source();
      if (request !== null) return this.#prepare(job, request);
      job.exhausted = true;
      this.#jobs.shift();
      this.#finish(job);
    }
    return null;
  }

  #prepare(job: Job, request: Request): Pending {
    job.outstanding += 1;
    do this.#seq = (this.#seq % 255) + 1; while (this.#pending.has(this.#seq));
    const frame = { type: request.type, seq: this.#seq, payload: request.payload };
    const wire = encodeFrame(frame.type, frame.seq, frame.payload);
    return { job, request, frame, wire, attempts: 0, damages: 0, firstOrder: 0, lastOrder: 0 };
  }

  #mayBeSent(p: Pending): boolean {
    if (this.#pending.size === 0) return true;
    for (const q of this.#pending.values()) {
      if (q.request.kind === 'run') return false;
      break;
    }
    return p.request.kind !== 'run' && this.#pending.size < MAX_OUTSTANDING && this.#inFlight + p.wire.length <= this.#windowBytes;
  }

  #transmit(p: Pending, again: boolean): void {
    p.attempts += 1;
    p.lastOrder = ++this.#order;
    this.#pending.delete(p.frame.seq);
    this.#pending.set(p.frame.seq, p);
    this.#o.send(p.wire, p.frame, again);
  }

  /** Or queues it in parts; call #pump() then. @param certain whether every transmission before is known to be lost (else its answer may still come) */
  #sendAgain(p: Pending, certain: boolean): void {
    if (p.attempts > this.#o.maxRetries && p.request.kind === undefined) {
      this.fail(this.#o.errors.noAnswer(p.request.type, p.attempts));
      return;
    }
    const parts = p.attempts >= SPLIT_AFTER ? p.request.split?.() : null;
    if (parts) {
      this.#waiting.unshift(...parts.map((part) => this.#prepare(p.job, part)));
      this.#remove(p); // its own answer, should it still come, is stale
      if (this.#probe === p) this.#probe = this.#waiting[0] ?? null;
      return;
    }
    this.#transmit(p, true);
    if (certain) p.firstOrder = p.lastOrder;
  }

  #deadlineMs(): number {
    for (const p of this.#pending.values()) {
      return p.request.kind === 'hello' ? this.#o.helloIntervalMs : this.#o.replyTimeoutMs * this.#patience;
    }
    return 0;
  }

  #arm(): void {
    if (this.#cancelTimer !== null || this.#pending.size === 0) return;
    const wait = Math.max(1, this.#lastSign + this.#deadlineMs() - this.#o.clock.now());
    this.#cancelTimer = this.#o.clock.after(wait, () => {
      this.#cancelTimer = null;
      this.#look();
      this.#arm();
    });
  }

  /** Sends again what is outstanding when nothing was heard for a deadline. */
  #look(): void {
    if (this.#pending.size === 0 || this.#o.clock.now() - this.#lastSign < this.#deadlineMs()) return;
    this.#lastSign = this.#o.clock.now();
    this.#owed = 0;
    this.#probe = null;
    const outstanding = [...this.#pending.values()];
    if (outstanding[0]?.request.kind !== 'hello') this.#patience = Math.min(this.#patience * 2, MAX_PATIENCE);
    for (const p of outstanding) {
      if (this.#failure !== undefined) return;
      // A computing device reads nothing: repeated RUNs add up in its buffer.
      const full = p.request.kind === 'run' && (p.attempts + 1) * p.wire.length > Math.max(this.#windowBytes, 4 * p.wire.length);
      if (!full) this.#sendAgain(p, true);
    }
    this.#pump();
  }
}
