import { diagnosisLines } from './diagnosis/lines.ts';
import { differsAtAll, layerState } from './diagnosis/states.ts';
import { causeText, elementText, forgivenText, ownErrorText, patternText, unexplainedText } from './diagnosis/words.ts';
import { escapeText, yamlScalar } from './escape/tap.ts';
import { attemptText, caseTitle, layerTitle, mismatchText, number, ranToItsEnd } from './format.ts';
import type { CaseReport, LayerReport, Report, TensorReport } from './report.ts';

/**
 * TAP version 14: a subtest a case on a device, in it a test point a layer, output and metric, and one for the verdict.
 * Where no case could run at all, and wherever nothing is `not ok` though the run is no pass, the stream bails out.
 */
export function renderTap(report: Report): string {
  const lines = ['TAP version 14', ...(report.cases.length === 0 ? [] : [`1..${report.cases.length}`])];
  const ran = report.cases.filter((one) => one.verdict !== 'skipped');
  let notOk = 0;
  report.cases.forEach((one, which) => {
    const points = one.verdict === 'skipped' ? [] : pointsOf(one);
    const title = escapeText(caseTitle(one), 300);
    if (points.length > 0) lines.push(`# Subtest: ${title}`, ...subtest(points));
    const ok = one.verdict === 'pass' || one.verdict === 'skipped';
    if (!ok) notOk++;
    lines.push(`${ok ? 'ok' : 'not ok'} ${which + 1} - ${title}${one.verdict === 'skipped' ? ` # SKIP ${escapeText(one.reasons[0] ?? 'quarantined', 300)}` : ''}`);
    if (!ok) lines.push(...yaml([`verdict: ${yamlScalar(one.verdict)}`, ...list('reasons', one.reasons)], ''));
  });
  if (report.verdict === 'interrupted') lines.push('Bail out! interrupted');
  else if (report.cases.length === 0) lines.push('Bail out! no case ran');
  else if (ran.length === 0) lines.push('Bail out! every case is skipped');
  else if (ran.every((one) => one.verdict === 'bench-error')) lines.push(`Bail out! the bench failed: ${escapeText(ran[0]?.reasons[0] ?? 'no reason given', 300)}`);
  else if (report.verdict !== 'pass' && notOk === 0) lines.push(`Bail out! the run is no pass: ${report.verdict}`);
  return `${lines.join('\n')}\n`;
}

interface Point { readonly ok: boolean; readonly name: string; readonly skip: string | null; readonly facts: readonly string[] }

function subtest(points: readonly Point[]): string[] {
  const lines = [`1..${points.length}`];
  points.forEach((point, which) => {
    const skip = point.skip === null ? '' : ` # SKIP ${escapeText(point.skip, 300)}`;
    lines.push(`${point.ok ? 'ok' : 'not ok'} ${which + 1} - ${escapeText(point.name, 300)}${skip}`, ...yaml(point.facts, ''));
  });
  return lines.map((line) => `    ${line}`);
}

function pointsOf(one: CaseReport): Point[] {
  const ended = ranToItsEnd(one);
  const verdict: Point = { ok: one.verdict === 'pass', name: `verdict ${one.verdict}`, skip: null, facts: [...(one.verdict === 'pass' ? [] : [...list('reasons', one.reasons), ...diagnosis(one)]), ...(one.attempts === undefined || one.attempts.length === 0 ? [] : list('attempts', one.attempts.map(attemptText)))] };
  return [verdict, ...one.layers.map((layer) => layerPoint(layer, one, ended)), ...one.outputs.flatMap((output) => [
    point(`output ${output.name}`, (output.mismatched === 0 || one.judge === 'metrics') && output.compared > 0, ended,
      [`compared: ${output.compared}`, `mismatched: ${output.mismatched}`, `maxAbsDiff: ${yamlScalar(output.maxAbsDiff)}`, ...(output.mismatched === 0 && differsAtAll(output) ? ['forgiven: true'] : [])]),
    ...output.metrics.map((metric) => point(`output ${output.name}: ${metric.name}`, metric.passed, ended,
      [`value: ${yamlScalar(metric.value)}`, `max: ${yamlScalar(metric.max)}`, `min: ${yamlScalar(metric.min ?? null)}`, `unit: ${yamlScalar(metric.unit)}`])),
  ])];
}

/** What looks right in a case that did not run to its end is skipped, not ok. */
function point(name: string, ok: boolean, ended: boolean, facts: readonly string[]): Point {
  return { ok, name, skip: ok && !ended ? 'the case ended early' : null, facts };
}

function layerPoint(layer: LayerReport, one: CaseReport, ended: boolean): Point {
  const name = layerTitle(layer);
  if (layer.ran === 'not executed') return { ok: !ended, name, skip: ended ? null : 'the case ended early', facts: [layer.mismatched > 0 ? 'ran: not executed or not shown' : 'ran: not executed'] };
  if (layer.compared === 0 && layer.mismatched === 0) return { ok: true, name, skip: 'not compared: no tensor of it is exposed', facts: [] };
  const wrong = layer.tensors.find((tensor) => tensor.mismatched > 0);
  return point(name, layer.mismatched === 0 || one.judge === 'metrics', ended, [
    `compared: ${layer.compared}`, `mismatched: ${layer.mismatched}`, `maxAbsDiff: ${yamlScalar(layer.maxAbsDiff)}`, ...firstMismatch(layer, wrong), ...ownError(layer, one),
    ...(layer.cost.value === null ? [] : [`cost: ${yamlScalar(`${number(layer.cost.value)} ${layer.cost.unit}`)}`]),
  ]);
}

function firstMismatch(layer: LayerReport, tensor: TensorReport | undefined): string[] {
  const first = tensor?.firstMismatch ?? null;
  if (tensor === undefined) return ['firstMismatch: null'];
  if (first === null) return [`firstMismatch: ${yamlScalar(mismatchText(layer, tensor))}`];
  return ['firstMismatch:', `  tensor: ${tensor.tensor}`, `  role: ${tensor.role}`, `  sequence: ${yamlScalar(first.sequence)}`, `  step: ${first.step}`,
    `  sample: ${first.sample}`, `  index: [${first.index.join(', ')}]`, `  expected: ${yamlScalar(first.expected)}`, `  got: ${yamlScalar(first.got)}`];
}

function diagnosis(one: CaseReport): string[] {
  const lines = diagnosisLines(one);
  return lines.length === 0 ? [] : list('diagnosis', lines.map(({ head, text }) => `${head}: ${text}`));
}

function ownError(layer: LayerReport, { samples, tolerances }: CaseReport): string[] {
  const state = layerState(layer, tolerances);
  const forgiven = state === 'tolerated' || state === 'forgiven' ? [`forgiven: ${yamlScalar(forgivenText(layer, tolerances))}`] : [];
  if (state === 'inherited') return ['ownError: inherited'];
  if (state !== 'culprit' && state !== 'tolerated') return forgiven;
  const { where } = layer;
  return [...forgiven, `ownError: ${yamlScalar(ownErrorText(layer, samples))}`,
    ...(where === null ? [] : [`pattern: ${yamlScalar(patternText(layer))}`, `worst: ${yamlScalar(elementText(where.worst))}`]),
    ...list('causes', layer.diagnosis.length === 0 ? [unexplainedText(layer)] : layer.diagnosis.map(causeText))];
}

function list(name: string, items: readonly string[]): string[] {
  return items.length === 0 ? [`${name}: []`] : [`${name}:`, ...items.slice(0, 50).map((item) => `  - ${yamlScalar(item)}`)];
}

function yaml(facts: readonly string[], indent: string): string[] {
  return facts.length === 0 ? [] : ['---', ...facts, '...'].map((line) => `${indent}  ${line}`);
}
