/** Runs under way: what each writes of itself into a folder, and what others read there. */
export { LiveRun, type LiveRunFacts, type LiveRunPlace } from './live-run.ts';
export { readRunning, type FoundRun } from './read-running.ts';
