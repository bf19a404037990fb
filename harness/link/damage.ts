import type { Pending } from './request.ts';

/** A repetition that is itself damaged is repeated at once so often; a line that is worse has to wait for deadlines, in which it may get better. */
const MAX_HASTY = 2;

/**
 * What the device's reports of damage ask for: the oldest request again. One at a time, since a damaged frame can fall into several
 * pieces, each of which is reported.
 */
export class DamageReports {
  /** Seen and not yet acted upon. */
  #owed = 0;
  /** Sent again for the last report acted upon. */
  #probe: Pending | null = null;
  #hasty = 0;

  /** @param outstanding how many requests have no answer yet */
  reported(outstanding: number): void {
    this.#owed = Math.min(this.#owed + 1, outstanding);
    // An answer to something later would show that the repetition was lost too. Where nothing later was sent, the report has to do.
    if (this.#probe !== null && outstanding === 1 && this.#hasty < MAX_HASTY) {
      this.#hasty += 1;
      this.#probe = null;
    }
  }

  /** @returns what is to be sent again now, if anything */
  repay(oldest: Pending | undefined): Pending | null {
    if (this.#owed === 0 || this.#probe !== null) return null;
    this.#owed = oldest === undefined ? 0 : this.#owed - 1;
    if (oldest === undefined || oldest.request.kind === 'hello') return null; // HELLO has its own pace
    this.#probe = oldest;
    return oldest;
  }

  answered(p: Pending): void {
    this.#hasty = 0;
    this.replaced(p);
  }

  /** It is not waited for any more: its parts are sent instead. */
  replaced(p: Pending): void {
    if (this.#probe === p) this.#probe = null;
  }

  /** Everything that is outstanding is sent again, or given up. */
  forget(): void {
    this.#owed = 0;
    this.#probe = null;
  }
}
