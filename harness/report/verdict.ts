import type { ErrorKind } from '../errors.ts';
import type { CaseReport, LayerReport, Mismatch, OutputReport, Report, Verdict } from './report.ts';

/** Worst first; the order in which verdicts of cases decide the verdict of a run. */
export const WORST_FIRST: readonly Verdict[] = ['interrupted', 'fail', 'build-error', 'bench-error', 'pass', 'skipped'];

const EXIT_CODES: Readonly<Record<Verdict, number>> = {
  pass: 0, fail: 1, 'build-error': 3, 'bench-error': 4, skipped: 4, interrupted: 130,
};

/** What ended a case before its end, if anything did. */
export interface CaseEnd { readonly kind: ErrorKind; readonly message: string }

export interface VerdictFacts {
  /** The error that ended the case early; null: it ran to its end. */
  readonly ended: CaseEnd | null;
  /** Names of the metrics that the suite asks for. */
  readonly metrics: readonly string[];
  /** What else the code under test broke, e.g. budgets; each makes the case fail. */
  readonly broken: readonly string[];
  /** Set for a quarantined case. */
  readonly skipReason: string | null;
}

/** A case without what caseVerdict decides. Its reasons are notes, kept behind the reasons for the verdict. */
export type CaseDraft = Omit<CaseReport, 'verdict'>;

/** Decides a case. The order matters: what we know least about wins, so that nothing half-done is called right or wrong. */
export function caseVerdict(draft: CaseDraft, facts: VerdictFacts): CaseReport {
  const finish = (verdict: Verdict, reasons: readonly string[]): CaseReport => ({ ...draft, verdict, reasons: [...reasons, ...draft.reasons] });
  // What an unwritten layer leaves is wrong, and changes from run to run too: why comes first.
  const wrong = [...notExecuted(draft), ...facts.broken, ...wrongValues(draft)];
  const { ended } = facts;
  if (ended?.kind === 'cancelled') return finish('interrupted', [ended.message]);
  if (facts.skipReason !== null) return finish('skipped', [facts.skipReason]);
  // A fault is proof against the target even where the link died with it.
  if (draft.fault !== null) return finish('fail', [faultReason(draft.fault), ...wrong]);
  if (ended?.kind === 'target') return finish('fail', [ended.message, ...wrong]);
  if (ended?.kind === 'build') return finish('build-error', [ended.message]);
  // A bench that died is not believed about what came before either; what was seen is said, and a retry will show it again.
  if (ended !== null) return finish('bench-error', [ended.message, ...wrong.map((text) => `before that: ${text}`)]);
  if (wrong.length > 0) return finish('fail', wrong);
  return refuseVacuous(finish('pass', []), facts.metrics);
}

function notExecuted({ layers }: CaseDraft): string[] {
  return layers.filter((layer) => layer.mismatched > 0 && layer.ran === 'not executed').map((layer) => `layer ${layer.index} ${layer.op} was not executed or not shown: its tap was never called`);
}

/** Values that are wrong, the first wrong layer first. */
function wrongValues(draft: CaseDraft): string[] {
  const valuesDecide = draft.judge !== 'metrics';
  const layers = draft.layers.filter((layer) => layer.mismatched > 0 && layer.ran !== 'not executed' && valuesDecide);
  const reasons: string[] = [];
  const first = layers.find((layer) => (layer.own?.mismatched ?? 0) > 0) ?? layers[0];
  if (first !== undefined) {
    const more = layers.length > 1 ? ` (${layers.length - 1} more ${layers.length === 2 ? 'layer differs' : 'layers differ'})` : '';
    reasons.push(`layer ${first.index} ${first.op} is wrong${wrongElements(first)}${more}`);
  }
  for (const output of draft.outputs) {
    if (output.mismatched > 0 && valuesDecide) reasons.push(`output ${output.name}: ${output.mismatched} of ${output.compared} elements differ`);
    for (const metric of output.metrics) {
      if (!metric.passed) reasons.push(`output ${output.name}: ${metric.name} is ${`${metric.value} ${metric.unit}`.trimEnd()}${limitOf(metric)}`);
    }
  }
  return reasons;
}

/** ", limit 8 N m", ", limit at least 0.9" */
function limitOf({ max, min = null, unit }: OutputReport['metrics'][number]): string {
  return [...(max === null ? [] : [`, limit ${max} ${unit}`]), ...(min === null ? [] : [`, limit at least ${min} ${unit}`])].map((text) => text.trimEnd()).join('');
}

/** " by itself: 12 of 400 elements, first in sequence s, step 3, element [0,1]"; where own error is not known, what differs. */
function wrongElements({ own, mismatched, compared, tensors }: LayerReport): string {
  if (own !== null && own.mismatched > 0) return ` by itself: ${own.mismatched} of ${own.compared} elements${placeOf(own.first)}`;
  const [first] = tensors.flatMap(({ firstMismatch }) => firstMismatch ?? []).sort((a, b) => a.sample - b.sample);
  const least = tensors.some((tensor) => tensor.lowerBound && tensor.mismatched > 0) ? 'at least ' : '';
  return `: ${least}${mismatched} of ${compared} elements${placeOf(first ?? null)}`;
}

function placeOf(first: Mismatch | null): string {
  return first === null ? '' : `, first in sequence ${first.sequence}, step ${first.step}, element [${first.index.join(',')}]`;
}

function faultReason(fault: NonNullable<CaseReport['fault']>): string {
  const { layer, pc, caller, sequence, step } = fault;
  const where = layer === null ? '' : ` in layer ${layer.index} ${layer.op}`;
  const at = (place: typeof pc): string => `${place?.function}${place?.file == null ? '' : ` ${place.file}:${place.line ?? '?'}`}`;
  const line = pc === null || pc.function === null ? '' : `, at ${at(pc)}${caller?.function == null ? '' : `, called from ${at(caller)}`}`;
  const when = sequence === null || step === null ? '' : `, sequence ${sequence}, step ${step}`;
  return `${fault.kind}${where}: ${fault.text}${line}${when}`;
}

export interface Vacuous { readonly verdict: 'fail' | 'bench-error'; readonly text: string }

/**
 * Why a case that is called a pass proves nothing, or contradicts itself. Empty: it may pass. This is the last guard
 * before green: it trusts no total, and every doubt is a reason.
 * @param metrics names the suite asks for, each of which some output must have.
 */
export function guardVacuous(report: Omit<CaseReport, 'verdict'>, metrics: readonly string[] = []): Vacuous[] {
  const found: Vacuous[] = [];
  const bench = (text: string): void => { found.push({ verdict: 'bench-error', text }); };
  const fail = (text: string): void => { found.push({ verdict: 'fail', text }); };

  if (!(report.samples > 0)) bench('no sample was compared');
  for (const sequence of report.sequences) if (!(sequence.samples > 0)) bench(`sequence ${sequence.name}: no sample was compared`);
  if (report.scope === 'outputs') guardOutputsOnly(report, bench);
  else if (report.layers.length === 0) bench('no layer was compared');
  else if (report.layers.every((layer) => layer.compared === 0)) bench('no element of any layer was compared');
  const valuesDecide = report.judge !== 'metrics';
  for (const layer of report.layers) guardLayer(layer, valuesDecide, bench, fail);
  if (report.outputs.length === 0) bench('no output was compared');
  for (const output of report.outputs) {
    if (!(output.compared > 0)) bench(`output ${output.name}: nothing was compared`);
    if (valuesDecide ? output.mismatched !== 0 : Number.isNaN(output.mismatched)) fail(`output ${output.name}: ${output.mismatched} elements differ`);
    for (const metric of output.metrics) {
      if (Number.isNaN(metric.value)) fail(`output ${output.name}: ${metric.name} is not a number`);
      else if (!metric.passed || (metric.max !== null && !(metric.value <= metric.max))) fail(`output ${output.name}: ${metric.name} is over its limit`);
      else if (typeof metric.min === 'number' && !(metric.value >= metric.min)) fail(`output ${output.name}: ${metric.name} is under its limit`);
    }
  }
  const measured = new Set(report.outputs.flatMap((output) => output.metrics.map((metric) => metric.name)));
  const isLimited = report.outputs.some((output) => output.metrics.some(({ max, min = null }) => max !== null || min !== null));
  if (!valuesDecide && !isLimited) bench('judged by metrics, and no metric has a limit');
  for (const name of metrics) if (!measured.has(name)) bench(`metric ${name} was asked for and not computed`);
  if (report.fault !== null) fail(faultReason(report.fault));
  return found;
}

/** Where no layer can be seen, every sample must have shown something of every output. */
function guardOutputsOnly(report: Pick<CaseReport, 'samples' | 'outputs' | 'layers'>, bench: (text: string) => void): void {
  if (report.layers.length > 0) bench('layers are shown where only outputs were to be');
  for (const output of report.outputs) {
    if (!(output.compared >= report.samples)) bench(`output ${output.name}: ${output.compared} elements were compared in ${report.samples} samples`);
  }
}

function guardLayer(layer: LayerReport, valuesDecide: boolean, bench: (text: string) => void, fail: (text: string) => void): void {
  const name = `layer ${layer.index} ${layer.op}`;
  if (layer.ran === 'not executed') fail(`${name} was not executed or not shown`);
  else if (layer.tensors.length > 0 && !(layer.compared > 0)) bench(`${name}: nothing was compared`);
  if (valuesDecide ? layer.mismatched !== 0 : Number.isNaN(layer.mismatched)) fail(`${name}: ${layer.mismatched} elements differ`);
  for (const tensor of layer.tensors) {
    const hasElements = tensor.tensor !== null && !tensor.shape.includes(0);
    if (hasElements && !(tensor.compared > 0)) bench(`${name}: nothing of tensor ${tensor.tensor} was compared`);
    if (tensor.mismatched !== 0 && layer.mismatched === 0) fail(`${name}: tensor ${tensor.tensor} has ${tensor.mismatched} elements that differ`);
  }
}

/** Turns a pass that proves nothing into what it is: the target's fault where any reason is, else the bench's. */
export function refuseVacuous(report: CaseReport, metrics: readonly string[] = []): CaseReport {
  if (report.verdict !== 'pass') return report;
  const found = guardVacuous(report, metrics);
  if (found.length === 0) return report;
  const verdict = found.some((reason) => reason.verdict === 'fail') ? 'fail' : 'bench-error';
  return { ...report, verdict, reasons: [...found.map((reason) => reason.text), ...report.reasons] };
}

/** The verdict of a run: the worst of its cases. No case at all is the bench's error; nothing but skips is 'skipped'. */
export function overallVerdict(cases: readonly { readonly verdict: Verdict }[], interrupted = false): Verdict {
  if (interrupted) return 'interrupted';
  return WORST_FIRST.find((verdict) => cases.some((report) => report.verdict === verdict)) ?? 'bench-error';
}

/** 130 interrupted, 1 fail, 3 build error, 4 bench error or nothing ran, 0 pass. (2, usage, is decided before a report exists.) */
export function exitCode(verdict: Verdict): number {
  return EXIT_CODES[verdict];
}

/** Puts a report together: guards every pass once more, then decides the run. */
export function finishReport(parts: Omit<Report, 'schema' | 'verdict'>, options: { readonly interrupted?: boolean } = {}): Report {
  const cases = parts.cases.map((report) => refuseVacuous(report));
  return { ...parts, schema: 'hil-report/1', verdict: overallVerdict(cases, options.interrupted ?? false), cases };
}
