import { withinBudget } from '../diff/tolerance.ts';
import type { TensorTally } from '../diff/tensor-tally.ts';
import type { ToleranceReport } from '../report/index.ts';
import type { NetworkManifest } from '../runtimes/manifest.ts';
import type { CaseTally } from './case-tally.ts';
import type { PlannedCase, PlannedTolerance } from './planned-case.ts';

/** What became of a case's tolerances. */
export interface Judgement {
  /** Whether what may be forgiven is, in this layer and in this output of the model: its budget is kept. */
  forgivesLayer(layer: number): boolean;
  forgivesOutput(output: number): boolean;
  readonly reports: readonly ToleranceReport[];
}

/** What was compared of a layer or output that has a tolerance. */
export interface ToleratedCounts {
  readonly compared: number;
  /** Differ by more than may be forgiven, and by no more than that. */
  readonly mismatched: number;
  readonly forgiven: number;
  readonly maxAbsDiff: number;
}

/** A budget holds for each layer by itself, over all its tensors and the samples of the case, and for an output of the model too. */
export function judgeTolerances({ tolerances }: Pick<PlannedCase, 'tolerances'>, manifest: NetworkManifest, tally: CaseTally): Judgement {
  const taps = tapsByLayer(manifest, tally);
  const shown = new Set(manifest.layers.flatMap((layer) => layer.taps.map((tap) => tap.tensor)));
  const [brokenLayers, brokenOutputs] = [new Set<number>(), new Set<number>()];
  const reports = tolerances.map((tolerance) => {
    const layers = tolerance.layers.map((layer) => sumOf(taps.get(layer) ?? []));
    const outputs = tolerance.outputs.map((output) => sumOf(tally.outputs.slice(output, output + 1)));
    layers.forEach((counts, k) => { if (!withinBudget(tolerance, counts.forgiven, counts.compared)) brokenLayers.add(tolerance.layers[k] as number); });
    outputs.forEach((counts, k) => { if (!withinBudget(tolerance, counts.forgiven, counts.compared)) brokenOutputs.add(tolerance.outputs[k] as number); });
    // An output that its layer shows is counted there.
    const unseen = outputs.filter((_counts, k) => !shown.has(manifest.outputs[tolerance.outputs[k] as number]?.tensor ?? null));
    return toleranceReport(tolerance, [...layers, ...unseen], [...layers, ...outputs]);
  });
  return { forgivesLayer: (layer) => !brokenLayers.has(layer), forgivesOutput: (output) => !brokenOutputs.has(output), reports };
}

/**
 * @param used each layer or output once
 * @param judged all that must be within the tolerance, each by itself
 */
export function toleranceReport(tolerance: PlannedTolerance, used: readonly ToleratedCounts[], judged: readonly ToleratedCounts[]): ToleranceReport {
  const { scope, layers, lsb, budget, reason } = tolerance;
  const total = sumOf(used);
  return {
    scope, layers, lsb, budget, reason,
    used: { elements: total.mismatched + total.forgiven, compared: total.compared, maxAbsDiff: total.maxAbsDiff },
    // Nothing is known to be superfluous that was not compared.
    needed: total.compared === 0 || judged.some((counts) => counts.mismatched + counts.forgiven > 0),
    kept: judged.every((counts) => counts.mismatched === 0 && withinBudget(tolerance, counts.forgiven, counts.compared)),
  };
}

/** What people should know beside the figures. @param ended whether the case ran to its end */
export function toleranceNotes(reports: readonly ToleranceReport[], ended: boolean): string[] {
  return reports.flatMap((report) => {
    const forWhat = report.scope;
    if (!report.kept) return [`tolerance for ${forWhat} (${allowed(report)}) is not kept: ${report.used.elements} of ${report.used.compared} elements differ, by up to ${report.used.maxAbsDiff}`];
    if (!report.needed) return ended ? [`tolerance for ${forWhat} is no longer needed: nothing differs there`] : [];
    return report.used.elements === 0 ? [] : [`not bit-exact: ${report.used.elements} of ${report.used.compared} elements differ within the tolerance for ${forWhat} (${allowed(report)})${report.reason === '' ? '' : `: ${report.reason}`}`];
  });
}

export function judgeNote({ judge }: PlannedCase): string[] {
  return judge === 'metrics' ? ['judged by metrics, not bit-exact: what differs from the reference is reported and decides nothing'] : [];
}

function allowed({ lsb, budget }: Pick<ToleranceReport, 'lsb' | 'budget'>): string {
  const size = lsb === null ? 'any difference' : `up to ${lsb} LSB`;
  if (budget === null) return size;
  return `${size} in ${'elements' in budget ? `${budget.elements} ${budget.elements === 1 ? 'element' : 'elements'}` : `${Number((100 * budget.share).toPrecision(6))} % of the elements`} of a layer`;
}

function tapsByLayer(manifest: NetworkManifest, tally: CaseTally): ReadonlyMap<number, readonly TensorTally[]> {
  let next = 0;
  return new Map(manifest.layers.map((layer) => [layer.index, layer.taps.flatMap((tap) => {
    const counts = tally.taps[next++];
    return tap.tensor === null || counts === undefined ? [] : [counts];
  })]));
}

function sumOf(parts: readonly ToleratedCounts[]): ToleratedCounts {
  const sum = (of: (part: ToleratedCounts) => number): number => parts.reduce((total, part) => total + of(part), 0);
  return {
    compared: sum((part) => part.compared), mismatched: sum((part) => part.mismatched), forgiven: sum((part) => part.forgiven),
    // Written so that NaN stays.
    maxAbsDiff: parts.reduce((most, part) => (part.maxAbsDiff <= most ? most : part.maxAbsDiff), 0),
  };
}
