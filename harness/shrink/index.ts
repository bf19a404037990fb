/** The shrink room: a failing case cut down to what still fails, written as a suite of its own. */
export { shrinkRun } from './shrink-run.ts';
export type { ShrinkOptions, ShrinkResult } from './shrink-run.ts';
