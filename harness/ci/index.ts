/** What a CI system is told: annotations on lines, the summary of a job, one verdict of many jobs. */
export { placesOfCases } from './suite-places.ts';
export { addToStepSummary } from './step-summary.ts';
