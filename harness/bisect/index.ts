/** The bisect room: the first bad run or commit, by running kept images again or by building commits. */
export { bisectRuns, bisectCommits } from './bisect.ts';
export type { BisectBench } from './bisect.ts';
export type { BisectResult, Try } from './find-first-bad.ts';
export { outcomeText } from './criterion.ts';
export type { Candidate } from './candidate.ts';
