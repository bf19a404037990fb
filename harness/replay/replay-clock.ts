import type { Clock } from '../link/index.ts';

/** Time that passes only when it is told to: a replay waits for nothing, and what was waited for in vain is over at once. */
export class ReplayClock implements Clock {
  #now = 0;
  #timers: { readonly at: number; readonly fn: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, fn: () => void): () => void {
    const timer = { at: this.#now + ms, fn };
    this.#timers.push(timer);
    return () => { this.#timers = this.#timers.filter((each) => each !== timer); };
  }

  /** Goes on to the next deadline. @returns false where there is none */
  expireNext(): boolean {
    const [first] = this.#timers.toSorted((a, b) => a.at - b.at);
    if (first === undefined) return false;
    this.#timers = this.#timers.filter((each) => each !== first);
    this.#now = Math.max(this.#now, first.at);
    first.fn();
    return true;
  }
}
