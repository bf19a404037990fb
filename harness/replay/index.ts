/** The replay room: a recorded run read back from its folder, and its host side run again without a device. */
export { compareReports } from './compare-reports.ts';
export type { Difference } from './compare-reports.ts';
export { readRun } from './read-run.ts';
export type { RecordedRun } from './read-run.ts';
export { replayRun } from './replay-run.ts';
export type { ReplayOptions, ReplayResult } from './replay-run.ts';
