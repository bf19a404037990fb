import type { RunRequest } from '../run-messages.ts';

/** A RUN of `count` samples in mode plain, inputs at 0 and outputs at 4096; change what a test is about. */
export function runPlan(change: Partial<RunRequest> = {}): RunRequest {
  return {
    network: 0, mode: 'plain', reset: true, saveState: false, restoreState: false, paintStack: false, firstSample: 0, count: 4,
    inOffset: 0, outOffset: 4096, stateOffset: 8192, auxOffset: 8192, auxBytes: 0, captureSkip: 0, limitTicks: 0, mask: Buffer.alloc(0),
    ...change,
  };
}
