import { encodeFrame } from './frame.ts';
import type { Job, Pending, Request } from './request.ts';

interface Entry {
  readonly job: Job;
  readonly request: Request;
}

/** What is still to be sent, in order. A request becomes a frame, and gets its number, only when it is next. */
export class Outbox {
  readonly #isTaken: (seq: number) => boolean;
  readonly #jobs: Job[] = [];
  /** Parts of requests that were lost; they come before everything else. */
  #parts: Entry[] = [];
  #head: Pending | null = null;
  #seq = 0;

  /** @param isTaken whether a sequence number is in use */
  constructor(isTaken: (seq: number) => boolean) {
    this.#isTaken = isTaken;
  }

  add(job: Job): void {
    this.#jobs.push(job);
  }

  /** Puts requests of a job before all others. */
  putFirst(job: Job, requests: readonly Request[]): void {
    const displaced = this.#head === null ? [] : [{ job: this.#head.job, request: this.#head.request }];
    this.#head = null;
    this.#parts.unshift(...requests.map((request) => ({ job, request })), ...displaced);
    job.outstanding += requests.length;
  }

  /** @returns the next frame to send, the same until take() is called; null where there is none. Resolves jobs that are through. */
  next(): Pending | null {
    if (this.#head !== null) return this.#head;
    const entry = this.#parts.shift() ?? this.#fromJobs();
    if (entry === null) return null;
    do this.#seq = (this.#seq % 255) + 1; while (this.#isTaken(this.#seq));
    const { job, request } = entry;
    const frame = { type: request.type, seq: this.#seq, payload: request.payload };
    const wire = encodeFrame(frame.type, frame.seq, frame.payload);
    this.#head = { job, request, frame, wire, attempts: 0, damages: 0, firstOrder: 0, lastOrder: 0 };
    return this.#head;
  }

  /** The next frame is being sent. */
  take(): void {
    this.#head = null;
  }

  /** Forgets what a job still has to send. */
  drop(job: Job): void {
    job.exhausted = true;
    if (this.#head?.job === job) this.#head = null;
    this.#parts = this.#parts.filter((entry) => entry.job !== job);
    const at = this.#jobs.indexOf(job);
    if (at >= 0) this.#jobs.splice(at, 1);
  }

  /** Forgets everything. @returns whose it was */
  clear(): Job[] {
    const jobs = [...this.#jobs, ...this.#parts.map((entry) => entry.job), ...(this.#head === null ? [] : [this.#head.job])];
    this.#jobs.length = 0;
    this.#parts = [];
    this.#head = null;
    return jobs;
  }

  #fromJobs(): Entry | null {
    for (let job = this.#jobs[0]; job !== undefined; job = this.#jobs[0]) {
      const request = job.source();
      if (request !== null) {
        job.outstanding += 1;
        return { job, request };
      }
      job.exhausted = true;
      this.#jobs.shift();
      if (job.outstanding === 0) job.resolve();
    }
    return null;
  }
}
