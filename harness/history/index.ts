/** The history room: runs over time, what changed when, and the dashboard. */
export type * from './history.ts';
export { openHistory } from './open-history.ts';
export { historyPlace } from './place.ts';
export { Spool } from './spool.ts';
