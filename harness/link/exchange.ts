import { HilError } from '../errors.ts';
import type { Clock } from './clock.ts';
import { DamageReports } from './damage.ts';
import { Deadline } from './deadline.ts';
import type { Frame } from './frame.ts';
import { MalformedError } from './fields.ts';
import type { LinkErrors } from './link-errors.ts';
import { decodeRefused } from './messages.ts';
import { Outbox } from './outbox.ts';
import { ANSWER } from './protocol.ts';
import type { Pending, Request, RequestSource } from './request.ts';

export interface ExchangeOptions {
  readonly clock: Clock;
  readonly errors: LinkErrors;
  /** Writes a frame; `again` where it was sent before. */
  readonly send: (wire: Buffer, frame: Frame, again: boolean) => void;
  /** Told of a failure that ends the link. */
  readonly onFailure: (error: HilError) => void;
  /** Told of a request of so many bytes that was answered when sent for the first time. */
  readonly onFirstTime?: (bytes: number) => void;
  readonly helloIntervalMs: number;
  readonly replyTimeoutMs: number;
  readonly maxRetries: number;
}

/**
 * Far below 255, so that a sequence number is used again only long after every answer to its last use has come: the
 * device answers in order, so answers that are still to come belong to the latest 127 requests.
 */
const MAX_OUTSTANDING = 127;
/** A request lost so often is sent in parts, where it has any. */
const SPLIT_AFTER = 2;
/** A deadline grows up to so many times replyTimeoutMs; so many in a row without a sign mean that nobody is there. */
const MAX_PATIENCE = 4;
const MAX_SILENT_DEADLINES = 8;

/**
 * Requests and their answers: numbers, the window, and sending again what was lost. Both directions keep their order, so
 * an answer to a later request shows that an earlier one was lost; only what is lost last needs a deadline.
 */
export class Exchange {
  /** Milliseconds with a request outstanding. */
  readonly busyMs = { run: 0, other: 0 };
  readonly #o: ExchangeOptions;
  readonly #deadline: Deadline;
  /** Sent and not answered, in the order of their latest transmission. */
  readonly #pending = new Map<number, Pending>();
  readonly #outbox = new Outbox((seq) => this.#pending.has(seq));
  #windowBytes = 0;
  #inFlight = 0;
  #order = 0;
  #failure: HilError | undefined;
  #patience = 1;
  #silentDeadlines = 0;
  readonly #damage = new DamageReports();
  #busySince = 0;

  constructor(options: ExchangeOptions) {
    this.#o = options;
    this.#deadline = new Deadline(options.clock, () => this.#deadlineMs(), () => this.#expired());
  }

  get failure(): HilError | undefined {
    return this.#failure;
  }

  /** @param bytes encoded request bytes that may be without an answer */
  setWindow(bytes: number): void {
    this.#windowBytes = bytes;
  }

  /** Sends all requests of a source, as the window allows. @returns when all are answered. @throws HilError */
  submit(source: RequestSource): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#outbox.add({ source, resolve, reject, outstanding: 0, exhausted: false });
      this.#pump();
    });
  }

  /** Ends everything with an error; later requests fail with it too. The first one counts. */
  fail(error: HilError): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.giveUp(error);
    this.#o.onFailure(error);
  }

  /**
   * Rejects everything outstanding, but the link goes on: for questions that may well have no answer. An answer that still
   * comes is stale.
   */
  giveUp(error: HilError): void {
    const oldest = this.#oldest();
    if (oldest !== undefined) this.#countBusy(oldest);
    const jobs = new Set([...this.#outbox.clear(), ...[...this.#pending.values()].map((p) => p.job)]);
    this.#pending.clear();
    this.#inFlight = 0;
    this.#damage.forget();
    [this.#patience, this.#silentDeadlines] = [1, 0];
    this.#deadline.stop();
    for (const job of jobs) job.reject(error);
  }

  /** A RUN is being computed, as far as is known. */
  get running(): boolean {
    return this.#oldest()?.request.kind === 'run';
  }

  /** The device was heard: a RUN is alive. */
  touch(): void {
    if (this.running) this.#deadline.touch();
  }

  /** Takes a frame that carries a sequence number. @returns false where it answers nothing that is outstanding. */
  answer(frame: Frame): boolean {
    const p = this.#pending.get(frame.seq);
    if (p === undefined) return false;
    try {
      if (frame.type === ANSWER.refused) {
        const refusal = decodeRefused(frame.payload);
        if (refusal.type !== p.request.type) return false;
        this.#outbox.drop(p.job);
        p.job.reject(this.#o.errors.refused(refusal.type, refusal.reason));
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
    this.#silentDeadlines = 0;
    const oldest = this.#oldest();
    // Every report counts as a sign of life; a device that takes no request at all must not keep a RUN waiting for ever.
    if (oldest?.request.kind === 'run' && ++oldest.damages > this.#o.maxRetries) {
      this.fail(this.#o.errors.noAnswer(oldest.request.type, oldest.attempts));
      return;
    }
    this.#damage.reported(this.#pending.size);
    this.#repayDamage();
    this.#pump();
  }

  #oldest(): Pending | undefined {
    return this.#pending.values().next().value;
  }

  #settle(p: Pending): void {
    this.#remove(p);
    this.#deadline.touch();
    this.#silentDeadlines = 0;
    if (p.attempts === 1) this.#o.onFirstTime?.(p.wire.length);
    if (p.attempts === 1 && this.#patience > 1) {
      this.#patience = 1;
      this.#deadline.rearm();
    }
    for (const q of this.#pending.values()) {
      if (q.lastOrder >= p.firstOrder) break;
      this.#sendAgain(q, true);
    }
    this.#damage.answered(p);
    this.#repayDamage();
    this.#pump();
    if (p.job.exhausted && p.job.outstanding === 0) p.job.resolve();
  }

  #repayDamage(): void {
    const again = this.#damage.repay(this.#oldest());
    if (again !== null) this.#sendAgain(again, false);
  }

  #remove(p: Pending): void {
    this.#pending.delete(p.frame.seq);
    this.#inFlight -= p.wire.length;
    p.job.outstanding -= 1;
    if (this.#pending.size === 0) this.#countBusy(p);
  }

  #countBusy(p: Pending): void {
    this.busyMs[p.request.kind === 'run' ? 'run' : 'other'] += this.#o.clock.now() - this.#busySince;
  }

  /** Sends what may be sent. */
  #pump(): void {
    while (this.#failure === undefined) {
      const p = this.#outbox.next();
      if (p === null || !this.#mayBeSent(p)) break;
      this.#outbox.take();
      if (this.#pending.size === 0) {
        this.#busySince = this.#o.clock.now();
        this.#deadline.touch();
      }
      this.#inFlight += p.wire.length;
      this.#transmit(p, false);
      p.firstOrder = p.lastOrder;
    }
    if (this.#failure === undefined) this.#deadline.arm();
  }

  #mayBeSent(p: Pending): boolean {
    const oldest = this.#oldest();
    if (oldest === undefined) return true;
    if (isAlone(oldest.request) || isAlone(p.request)) return false;
    return this.#pending.size < MAX_OUTSTANDING && this.#inFlight + p.wire.length <= this.#windowBytes;
  }

  #transmit(p: Pending, again: boolean): void {
    p.attempts += 1;
    p.lastOrder = ++this.#order;
    this.#pending.delete(p.frame.seq);
    this.#pending.set(p.frame.seq, p);
    this.#o.send(p.wire, p.frame, again);
  }

  /** Or queues it in parts; call #pump() then. @param certain whether every transmission before is known to be lost */
  #sendAgain(p: Pending, certain: boolean): void {
    if (p.attempts > this.#o.maxRetries && p.request.kind === undefined) {
      this.fail(this.#o.errors.noAnswer(p.request.type, p.attempts));
      return;
    }
    const parts = p.attempts >= SPLIT_AFTER ? p.request.split?.() : null;
    if (parts) {
      this.#outbox.putFirst(p.job, parts);
      this.#remove(p); // its own answer, should it still come, is stale
      this.#damage.replaced(p);
      return;
    }
    this.#transmit(p, true);
    if (certain) p.firstOrder = p.lastOrder;
  }

  #deadlineMs(): number | null {
    const oldest = this.#oldest();
    if (oldest === undefined) return null;
    return oldest.request.kind === 'hello' ? this.#o.helloIntervalMs : this.#o.replyTimeoutMs * this.#patience;
  }

  /** Sends again what is outstanding when nothing was heard for a deadline. */
  #expired(): void {
    const oldest = this.#oldest() as Pending;
    const { kind } = oldest.request;
    this.#damage.forget();
    if (kind !== 'hello') this.#patience = Math.min(this.#patience * 2, MAX_PATIENCE);
    if (kind === undefined && ++this.#silentDeadlines > Math.min(this.#o.maxRetries, MAX_SILENT_DEADLINES)) {
      this.fail(this.#o.errors.noAnswer(oldest.request.type, this.#silentDeadlines));
      return;
    }
    for (const p of [...this.#pending.values()]) {
      if (this.#failure !== undefined) return;
      // A computing device reads nothing: repeated RUNs add up in its buffer.
      const full = kind === 'run' && (p.attempts + 1) * p.wire.length > Math.max(this.#windowBytes, 4 * p.wire.length);
      if (!full) this.#sendAgain(p, true);
    }
    this.#pump();
  }
}

function isAlone(request: Request): boolean {
  return request.kind === 'run' || request.alone === true;
}
