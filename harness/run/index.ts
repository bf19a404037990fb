/** The run room: plans cases, runs them on devices, and writes the report. */
export { runSuite } from './run-suite.ts';
export type { RunOptions, RunResult } from './run-suite.ts';
export { inputTensors, mainGraph } from './main-graph.ts';
export { planSuite } from './plan-suite.ts';
export { planCheck, randomSequence } from './plan-check.ts';
export type { PlannedCase, PlannedMetric, PlannedSequence, GeneratorChoice } from './planned-case.ts';
export type { OnEvent, RunEvent } from './events.ts';
export { liveBench } from './bench.ts';
export type { Bench } from './bench.ts';
export type { CaseContext } from './case-context.ts';
export { decodeCases, damaged as recordDamaged, sha256Of } from './record/planned-values.ts';
export { PLAN_FILE, RECORD_DIR, RECORD_SCHEMA, thrownAgain } from './record/run-record.ts';
export type { Outcome, RecordedImage, RunRecord, StageEvent, StartedFacts } from './record/run-record.ts';
export { scheduleOptions } from './schedule/schedule-options.ts';
export { sourceFacts } from './source-facts.ts';
export { matchesGlob } from './glob.ts';
