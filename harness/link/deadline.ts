import type { Clock } from './clock.ts';

/** Calls back each time that nothing has been heard for a while. One lazy timer: hearing something costs nothing. */
export class Deadline {
  readonly #clock: Clock;
  readonly #ms: () => number | null;
  readonly #expired: () => void;
  #cancel: (() => void) | null = null;
  #heard = 0;

  /** @param ms the present deadline in milliseconds; null while there is nothing to wait for */
  constructor(clock: Clock, ms: () => number | null, expired: () => void) {
    this.#clock = clock;
    this.#ms = ms;
    this.#expired = expired;
  }

  /** Something was heard, or something new is waited for. */
  touch(): void {
    this.#heard = this.#clock.now();
  }

  /** Sees to it that the timer runs, where there is something to wait for. */
  arm(): void {
    const ms = this.#ms();
    if (this.#cancel !== null || ms === null) return;
    this.#cancel = this.#clock.after(Math.max(1, this.#heard + ms - this.#clock.now()), () => this.#look());
  }

  /** After the deadline became shorter. */
  rearm(): void {
    this.stop();
    this.arm();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #look(): void {
    this.#cancel = null;
    const ms = this.#ms();
    if (ms === null) return;
    if (this.#clock.now() - this.#heard >= ms) {
      this.touch();
      this.#expired();
    }
    this.arm();
  }
}
