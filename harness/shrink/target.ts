import { HilError } from '../errors.ts';
import type { CaseReport, LayerReport, Report } from '../report/index.ts';

/** What fails in a case, and where it shows first. */
export type Failure =
  /** Elements of a layer are wrong: by itself (own), or only against the reference where own error could not be had. */
  | { readonly kind: 'values'; readonly layer: LayerReport; readonly own: boolean; readonly sequence: string; readonly step: number }
  /** The code under test died or hung; step null: it is not known where. */
  | { readonly kind: 'fault'; readonly what: string; readonly sequence: string | null; readonly step: number | null }
  /** A budget, a metric, nondeterminism: nothing that one layer's values show. */
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
 * @throws HilError 'config' shrink.nothing-fails | shrink.no-case
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
  const culprit = one.layers.find(({ own }) => own !== null && own.mismatched > 0 && own.first !== null);
  if (culprit?.own?.first != null) return { kind: 'values', layer: culprit, own: true, sequence: culprit.own.first.sequence, step: culprit.own.first.step };
  const wrong = one.layers.find(({ mismatched }) => mismatched > 0);
  const shown = wrong?.tensors.find(({ firstMismatch }) => firstMismatch !== null)?.firstMismatch;
  if (wrong !== undefined && shown != null) return { kind: 'values', layer: wrong, own: false, sequence: shown.sequence, step: shown.step };
  return { kind: 'other', what: one.reasons[0] ?? 'it fails' };
}
