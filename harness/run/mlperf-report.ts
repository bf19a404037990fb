import type { MlperfReport } from '../report/index.ts';
import type { LabelTally } from './label-tally.ts';
import type { Windows } from './mlperf-windows.ts';
import type { PlannedCase } from './planned-case.ts';

/** What MLPerf Tiny's results of a case are made of; null where nobody asked. @param windows null: it did not come to them */
export function mlperfReport({ mlperf, sequences }: PlannedCase, labels: LabelTally | undefined, windows: Windows | null): MlperfReport | null {
  if (mlperf === undefined) return null;
  const files = labels?.scores.files ?? [];
  const known = labels !== undefined && files.length > 0 && sequences.every((sequence) => sequence.labels !== undefined);
  return {
    benchmark: mlperf.benchmark, windows: windows?.windows ?? [], windowsReason: windows === null ? 'the case ended before' : windows.reason,
    files: known ? files : [],
    correct: known && (files[0]?.scores.length ?? 0) > 1 ? labels.scores.correct : null, auc: known ? labels.scores.value('auc') : null,
  };
}
