/** The compare room: two dumps, two runs or two models, layer by layer, in data and in lines for a terminal. */
export { badInput } from './dumps/dump.ts';
export type { Dump, DumpSequence, DumpTensor } from './dumps/dump.ts';
export { openGoldenCase, openGoldenFolder } from './dumps/golden-dump.ts';
export { openReferenceDump } from './dumps/reference-dump.ts';
export { compareDumps } from './dumps/compare-dumps.ts';
export type { DumpDiff, DumpLayerDiff } from './dumps/dump-diff.ts';
export { modelOfDump, readModelFile } from './model-file.ts';
export { compareModels } from './models/compare-models.ts';
export type { ModelDiff } from './models/model-diff.ts';
export { compareRuns, readReport } from './runs/compare-runs.ts';
export type { RunDiff } from './runs/run-diff.ts';
export { sideOf } from './sides.ts';
export type { Side } from './sides.ts';
export { dumpLines } from './text/dump-lines.ts';
export { modelLines } from './text/model-lines.ts';
export { runLines } from './text/run-lines.ts';
