import { HilError } from '../errors.ts';
import type { CaseReport, LayerReport, Report } from '../report/index.ts';
import type { Mismatch } from '../report/report.ts';

/** What fails in a case, and where it shows first. */
export type Failure =
  /**
   * Elements of a layer are wrong: by itself (own), or only against the reference where own error could not be had or is
   * within the tolerance. forgiven: differences up to this are not what is wrong, in LSB.
   */
  | { readonly kind: 'values'; readonly layer: LayerReport; readonly own: boolean; readonly forgiven: number; readonly sequence: string; readonly step: number }
  /** The code under test died or hung; step null: it is not known where. */
  | { readonly kind: 'fault'; readonly what: string; readonly sequence: string | null; readonly step: number | null }
  /** A budget, nondeterminism: nothing that one layer's values show. */
  | { readonly kind: 'other'; readonly what: string };

export interface Target {
  readonly case: CaseReport;
  readonly failure: Failure;
  /** Others that fail in the run, for people: "b on qemu-m4". */
  readonly others: readonly string[];
}

/**
 * The first failing case of a report that is meant, and what fails in it.
 * @param wanted names; null: any
 * @throws HilError 'config' shrink.nothing-fails | shrink.no-case | shrink.metric
 */
export function pickTarget(report: Report, wanted: { readonly case: string | null; readonly device: string | null }): Target {
  const meant = report.cases.filter((one) => (wanted.case === null || one.name === wanted.case) && (wanted.device === null || one.device === wanted.device));
  if (meant.length === 0) {
    throw new HilError('config', 'shrink.no-case', 'the run has no such case on such a device', { hint: `It has: ${report.cases.slice(0, 20).map(titled).join(', ')}.` });
  }
  const [first, ...rest] = meant.filter(({ verdict }) => verdict === 'fail');
  if (first === undefined) {
    const verdicts = [...new Set(meant.map(({ verdict }) => verdict))].join(', ');
    throw new HilError('config', 'shrink.nothing-fails', `nothing fails there that could be cut down: ${verdicts}`,
      { hint: 'Only cases in which the code under test fails (verdict fail) can be shrunk; build and bench errors say themselves what is wrong.' });
  }
  return { case: first, failure: failureOf(first), others: rest.map(titled) };
}

const titled = ({ name, device }: CaseReport): string => `${name} on ${device}`;

function failureOf(one: CaseReport): Failure {
  if (one.fault !== null) return { kind: 'fault', what: one.fault.text, sequence: one.fault.sequence, step: one.fault.step };
  // `mismatched` counts what is beyond the tolerance; own error counts everything that differs.
  const wrong = one.layers.filter(({ mismatched }) => mismatched > 0);
  for (const layer of wrong) {
    const { own } = layer;
    if (own === null || own.mismatched === 0 || own.first === null) continue;
    const lsb = toleratedLsb(one, layer);
    // A NaN is beyond every tolerance.
    const isBeyond = !(own.maxAbsDiff <= lsb);
    if (!isBeyond && !hasBudget(one, layer)) continue;
    const forgiven = isBeyond ? lsb : 0;
    // Where small differences are forgiven, the first of all may be one of those.
    const first = forgiven === 0 ? own.first : firstMismatch(layer) ?? own.first;
    return { kind: 'values', layer, own: true, forgiven, sequence: first.sequence, step: first.step };
  }
  for (const layer of wrong) {
    const first = firstMismatch(layer);
    if (first !== null) return { kind: 'values', layer, own: false, forgiven: hasBudget(one, layer) ? 0 : toleratedLsb(one, layer), sequence: first.sequence, step: first.step };
  }
  if (failsByMetric(one)) {
    throw new HilError('config', 'shrink.metric', `${titled(one)} fails by a metric alone, over all its samples, which cannot be cut down: ${one.reasons[0]}`, { hint: 'hil report shows where it differs from the truth.' });
  }
  return { kind: 'other', what: one.reasons[0] ?? 'it fails' };
}

const toleranceOf = (one: CaseReport, { index }: LayerReport): CaseReport['tolerances'][number] | undefined => one.tolerances.find(({ layers }) => layers.includes(index));
const toleratedLsb = (one: CaseReport, layer: LayerReport): number => toleranceOf(one, layer)?.lsb ?? 0;
const hasBudget = (one: CaseReport, layer: LayerReport): boolean => (toleranceOf(one, layer)?.budget ?? null) !== null;

function firstMismatch({ tensors }: LayerReport): Mismatch | null {
  return tensors.find(({ firstMismatch: first }) => first !== null)?.firstMismatch ?? null;
}

/** What else fails a case is among its reasons before the metrics. */
function failsByMetric({ outputs, reasons }: CaseReport): boolean {
  return outputs.some(({ name, metrics }) => metrics.some((metric) => !metric.passed && reasons[0]?.startsWith(`output ${name}: ${metric.name} is `)));
}
