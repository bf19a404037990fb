/** The replay room: a recorded run read back from its folder, and its host side run again without a device. */
export { compareReports } from './compare-reports.ts';
export type { Difference } from './compare-reports.ts';
export { imageGroups } from './image-groups.ts';
export { readRun, readTranscriptOf } from './read-run.ts';
export type { RecordedRun } from './read-run.ts';
export type { Transcript } from './read-transcript.ts';
export { replayRun } from './replay-run.ts';
export type { ReplayOptions, ReplayResult } from './replay-run.ts';
export { rerunImage } from './rerun/rerun-image.ts';
export type { RerunOptions, RerunResult } from './rerun/rerun-image.ts';
