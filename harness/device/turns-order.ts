/** Who goes first among those that wait for one thing, highest last. */
export const PRIORITIES = ['nightly', 'pull-request', 'interactive'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** A ticket rises by one level for each such time that it has waited, ms. */
export const AGE_MS = 15 * 60_000;

export interface Waiter {
  readonly token: string;
  readonly priority: Priority;
  /** Whose use it counts as: a repository, a user. Untrusted text. */
  readonly share: string;
  /** Since when it waits, ms since 1970. */
  readonly since: number;
}

export interface Standing {
  /** ms since 1970. */
  readonly now: number;
  readonly ageMs: number;
  /** Slots that a share has now; absent: none. */
  readonly held: ReadonlyMap<string, number>;
  /** Seconds of use lately, older use counting less; absent: none. */
  readonly use: ReadonlyMap<string, number>;
}

/** Above the highest priority: such a ticket has waited so long that only those that came before it go first. */
const OVERDUE = PRIORITIES.length;

/** 0 nightly, 1 pull-request, 2 interactive, 3 overdue; one more for each ageMs of waiting. */
function levelOf({ priority, since }: Waiter, { now, ageMs }: Standing): number {
  return Math.min(OVERDUE, PRIORITIES.indexOf(priority) + Math.max(0, Math.floor((now - since) / ageMs)));
}

/**
 * Sorts waiters, the next one first: by level; on a level by the share that has the fewest slots now, those given to the tickets before
 * this one counted; then by the share with the least use lately; then by arrival. Among overdue tickets arrival alone decides,
 * so that each is overtaken by a bounded number of others.
 */
export function inOrder<T extends Waiter>(waiters: readonly T[], standing: Standing): T[] {
  const byArrival = waiters.toSorted((a, b) => a.since - b.since || (a.token < b.token ? -1 : 1));
  const given = new Map(standing.held);
  const ranked = byArrival.map((waiter) => ({ waiter, level: levelOf(waiter, standing), slots: 0, use: standing.use.get(waiter.share) ?? 0 })).sort((a, b) => b.level - a.level);
  for (const each of ranked) {
    each.slots = given.get(each.waiter.share) ?? 0;
    given.set(each.waiter.share, each.slots + 1);
  }
  return ranked.sort((a, b) => b.level - a.level || (a.level === OVERDUE ? 0 : a.slots - b.slots || a.use - b.use)).map(({ waiter }) => waiter);
}
