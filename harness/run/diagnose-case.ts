import type { LayerEvidence } from '../diff/evidence.ts';
import { explain } from '../diff/explain.ts';
import { whereWrong, type Where } from '../diff/where/where.ts';
import type { DiagnosisReport, WhereReport } from '../report/index.ts';
import { bytesOf } from './batch-reference.ts';
import { COMPARE_FILL } from './capture.ts';
import type { CaseTally } from './case-tally.ts';
import type { PlannedCase } from './planned-case.ts';

/** What was found out about a layer with own error. */
export interface LayerDiagnosis {
  readonly diagnosis: readonly DiagnosisReport[];
  readonly where: WhereReport | null;
}

/** Time for the whole catalogue on one layer, and for all layers of a case. */
const LAYER_MS = 10_000;
const CASE_MS = 30_000;
/** Both tensors of a sample go into the report up to so many bytes each, for so many layers. */
const VALUES_BYTES = 48 << 10;
const VALUES_LAYERS = 8;

/**
 * Explains every layer of a case that is wrong by itself, in their order.
 * @param onNote told of layers for which time was up before every cause had been tried
 * @throws the signal's reason on abort
 */
export async function diagnoseCase(plan: PlannedCase, tally: CaseTally, signal: AbortSignal, onNote: (note: string) => void): Promise<ReadonlyMap<number, LayerDiagnosis>> {
  const found = new Map<number, LayerDiagnosis>();
  const until = performance.now() + CASE_MS;
  for (const evidence of tally.evidence.of(plan.model, plan.profile, COMPARE_FILL)) {
    // Timers and Ctrl-C are served between layers.
    await new Promise<void>((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
    const onTimeUp = (): void => onNote(`layer ${evidence.layer.index} ${evidence.layer.op}: not every cause was tried, the time for it was used up`);
    const diagnosis = explain(evidence, { budgetMs: Math.min(LAYER_MS, until - performance.now()), onTimeUp });
    const where = whereWrong(evidence);
    found.set(evidence.layer.index, { diagnosis, where: where === null ? null : { ...where, values: found.size < VALUES_LAYERS ? valuesOf(evidence, where) : null } });
  }
  return found;
}

/** Both tensors of the sample with the worst element. */
function valuesOf(evidence: LayerEvidence, { tensor, worst }: Where): WhereReport['values'] {
  const sample = evidence.samples.find(({ at }) => at.sample === worst.sample);
  const expected = sample?.expected.get(tensor);
  const got = sample?.got.get(tensor);
  if (expected === undefined || got === undefined || got.byteLength > VALUES_BYTES || got.constructor !== expected.constructor) return null;
  const base64 = (data: typeof got): string => Buffer.from(bytesOf(data)).toString('base64');
  const dtype = evidence.model.subgraphs[0]?.tensors[tensor]?.dtype ?? '';
  return { sequence: worst.sequence, sample: worst.sample, step: worst.step, dtype, expected: base64(expected), got: base64(got) };
}
