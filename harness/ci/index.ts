/** What a CI system is told: annotations on lines, the summary of a job, one verdict of many jobs. */
export { placesOfCases } from './suite-places.ts';
export { addToStepSummary } from './step-summary.ts';
export { collectFacts, readReportsBelow } from './verdict/collect.ts';
export { readFacts } from './verdict/facts.ts';
export type { VerdictFacts } from './verdict/facts.ts';
export { judge } from './verdict/judge.ts';
export type { Conclusion } from './verdict/judge.ts';
export { checkOutput } from './verdict/check-output.ts';
export { postCheck } from './github/post-check.ts';
