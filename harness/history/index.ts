/** The history room: runs over time, what changed when, and the dashboard. */
export type * from './history.ts';
export { openHistory } from './open-history.ts';
export { historyPlace } from './place.ts';
export { Spool } from './spool.ts';
export { exportFormat, streamRuns, writeExport } from './export/write-export.ts';
export type { TableName } from './export/write-export.ts';
export { importFiles } from './export/import-files.ts';
export { compareSides } from './compare/compare-sides.ts';
export type { Side } from './compare/compare-sides.ts';
export type { Noise } from './compare/compare-figures.ts';
export type { Comparison, Where } from './compare/comparison.ts';
export { comparisonMarkdown } from './compare/comparison-markdown.ts';
export { changeText, countsText, figureText, headline, layerText, sideText, unlikeText, unlikeTogether, verdictText } from './compare/comparison-text.ts';
export { historyNoise } from './compare/history-noise.ts';
export { judgeHistory } from './regressions/judge-history.ts';
export type { Change, Judgement } from './regressions/judgement.ts';
export { acceptanceOf } from './regressions/accept.ts';
export { evidenceText, layerText as changedLayerText, levelsText, placeText, sizeText, suspectText } from './regressions/words.ts';
