import { BoundedText } from './bounded-text.ts';
import { determinismText, toleranceLines } from './diagnosis/checks.ts';
import { diagnosisLines } from './diagnosis/lines.ts';
import { forgivenElements, mismatchedTotal } from './diagnosis/totals.ts';
import { escapeText } from './escape/markdown.ts';
import { attemptText, caseTitle, energyText, faultLines, latencyText, limitText, linkText, memoryText, npuText, layerNote, mismatchedText, number, outputForgivenText, plural, seconds, VERDICT_WORDS } from './format.ts';
import { deviceMatrix, latencyCell, leftOutLines, memoryCell } from './matrix.ts';
import type { CaseReport, LayerReport, Report, ToleranceReport, Verdict } from './report.ts';
import { WORST_FIRST } from './verdict.ts';

/** GitHub drops a whole step summary that is larger; other steps may add to the same one, so stay well below. */
export const SUMMARY_LIMIT_BYTES = 1000 * 1000;

const MARKS: Readonly<Record<Verdict, string>> = { pass: '✅', fail: '❌', 'build-error': '🧱', 'bench-error': '🔌', skipped: '⏭️', interrupted: '✋' };

/** summary.md for GitHub's step summary and GitLab: a table of all cases, then each case, the worst first, as far as they fit. */
export function renderMarkdown(report: Report, limitBytes = SUMMARY_LIMIT_BYTES): string {
  const cases = [...report.cases].sort((a, b) => WORST_FIRST.indexOf(a.verdict) - WORST_FIRST.indexOf(b.verdict));
  const text = new BoundedText(limitBytes);
  text.add([
    `## ${MARKS[report.verdict]} ${VERDICT_WORDS[report.verdict]}: ${cell(report.suite.name)}`, '',
    `${cell(report.suite.description)}${report.suite.description === '' ? '' : ' · '}run ${cell(report.run.id)} · ${seconds(report.run.durationMs)} · hil ${cell(report.run.hilVersion)}`, '',
  ]);
  for (const line of leftOutLines(report)) text.add([`- left out: ${cell(line)}`, '']);
  addMatrix(text, report);
  if (cases.length === 0) text.add(['No case ran.', '']);
  else text.add(['| | Case | Device | Layers | Compared | Mismatched | Latency (median) | Reason |', '|---|---|---|--:|--:|--:|--:|---|']);
  let rows = 0;
  for (const one of cases) if (text.add([caseRow(one)], 400)) rows++;
  if (rows < cases.length) text.add(['', `${cases.length - rows} more cases are left out here; see report.html.`]);
  text.add(['']);
  let shown = 0;
  for (const one of cases) if (one.verdict !== 'skipped' && text.add(caseSection(report, one), 200)) shown++;
  if (shown < cases.filter((one) => one.verdict !== 'skipped').length) text.add(['', 'Details of some cases are left out for their size; see report.html.', '']);
  return text.toString();
}

function cell(text: string): string {
  return escapeText(text, 300);
}

/** The cases with a column a device; the rows that fit. */
function addMatrix(text: BoundedText, report: Report): void {
  const matrix = deviceMatrix(report);
  if (matrix === null) return;
  // What the table of all cases and the verdict need comes first.
  const reserve = text.limit / 2;
  const head = [`| Case | ${matrix.devices.map(({ id, core }) => `${escapeText(id, 80)}<br>${escapeText(core, 80)}`).join(' | ')} |`, `|---|${matrix.devices.map(() => '---|').join('')}`];
  if (!text.add(head, reserve)) return;
  let rows = 0;
  for (const { name, cells } of matrix.rows) if (text.add([`| ${cell(name)} | ${cells.map(matrixCell).join(' | ')} |`], reserve)) rows++;
  if (rows > 0) text.add(['', `Latency is the median of an invocation; memory is flash / RAM / stack.${rows < matrix.rows.length ? ` ${plural(matrix.rows.length - rows, 'more case')}: see report.html.` : ''}`]);
  text.add(['']);
}

function matrixCell(one: CaseReport | null): string {
  if (one === null) return '-';
  const facts = one.verdict === 'skipped' ? [cell(one.reasons[0] ?? '')] : [latencyCell(one), memoryCell(one)].filter((fact) => fact !== '-');
  return [`${MARKS[one.verdict]} ${one.verdict}`, ...facts].join('<br>');
}

function caseRow(one: CaseReport): string {
  const parts = one.scope === 'outputs' ? one.outputs : one.layers;
  const compared = parts.reduce((sum, part) => sum + part.compared, 0);
  const { elements, least } = mismatchedTotal(one);
  const forgiven = forgivenElements(one);
  return `| ${MARKS[one.verdict]} ${one.verdict} | ${cell(one.name)} | ${cell(one.device)} | ${one.layers.length} | ${number(compared)} | ${least ? 'at least ' : ''}${number(elements)}${forgiven === 0 ? '' : `, ${number(forgiven)} forgiven`} | ${latencyCell(one)} | ${cell(one.reasons[0] ?? '')} |`;
}

const MOST_LAYERS = 200;
const MOST_LINES = 20;

function caseSection(report: Report, one: CaseReport): string[] {
  const device = report.devices.find(({ id }) => id === one.device);
  const lines = [`### ${MARKS[one.verdict]} ${cell(caseTitle(one))}`, ''];
  for (const reason of one.reasons.slice(0, MOST_LINES)) lines.push(`- ${cell(reason)}`);
  for (const attempt of (one.attempts ?? []).slice(0, MOST_LINES)) lines.push(`- repeated after ${cell(attemptText(attempt))}`);
  for (const { head, text } of diagnosisLines(one)) lines.push(`- ${head === 'culprit' ? '**culprit**' : head}: ${cell(text)}`);
  for (const line of toleranceLines(one.tolerances, MOST_LINES)) lines.push(`- allowed: ${cell(line)}`);
  for (const check of one.determinism) lines.push(`- repeats: ${cell(determinismText(check))}`);
  if (one.fault !== null) lines.push(...faultLines(one.fault).map((line) => `- ${cell(line)}`));
  lines.push('');
  if (one.layers.length > 0) {
    lines.push('| Layer | Operator | Compared | Mismatched | max \\|d\\| | Cost | MACs | Energy (modelled) | |', '|--:|---|--:|--:|--:|--:|--:|--:|---|', ...one.layers.slice(0, MOST_LAYERS).map((layer) => layerRow(layer, one.tolerances)));
    if (one.layers.length > MOST_LAYERS) lines.push('', `${one.layers.length - MOST_LAYERS} more layers: see report.html.`);
    lines.push('');
  }
  for (const output of one.outputs) {
    lines.push(`- output ${cell(output.name)}: ${number(output.mismatched)} of ${plural(output.compared, 'element')} differ${outputForgivenText(output) === '' ? '' : ` by more than is forgiven, max |d| ${number(output.maxAbsDiff)}${outputForgivenText(output)}`}`);
    for (const metric of output.metrics) {
      lines.push(`- ${cell(metric.name)}: ${number(metric.value)} ${cell(metric.unit)}${limitText(metric) === '' ? '' : ` (${cell(limitText(metric))})`} ${metric.passed ? '✅' : '❌'}`);
    }
  }
  lines.push(
    `- latency: ${cell(latencyText(one))}`, `- memory: ${cell(memoryText(one))}`, `- energy: ${cell(energyText(one))}`, `- link: ${cell(linkText(one))}`, `- ${npuText(one)}`,
    `- device: ${cell(one.device)}${device === undefined ? '' : `, ${cell(device.core)}${device.simulated ? ', simulated' : ''}`}; profile ${cell(one.profile)}; ${plural(one.samples, 'sample')} in ${plural(one.sequences.length, 'sequence')}`,
  );
  if (one.model !== null) lines.push(`- model: ${cell(one.model.file)}, sha256 ${one.model.sha256.slice(0, 16)}…`);
  if (one.image !== null) lines.push(`- image: build ${cell(one.image.buildId)}, ${cell(one.image.compiler)}, ${cell(one.image.flags.join(' '))}`);
  return [...lines, ''];
}

function layerRow(layer: LayerReport, tolerances: readonly ToleranceReport[]): string {
  const { cost } = layer;
  return `| ${layer.index} | ${cell(layer.op)} | ${number(layer.compared)} | ${layer.mismatched === 0 || layer.ran === 'not executed' ? mismatchedText(layer) : `**${mismatchedText(layer)}**`} | ${number(layer.maxAbsDiff)} | ${cost.value === null ? '-' : `${number(cost.value)} ${cell(cost.unit)}`} | ${number(cost.macs)} | ${cost.energyUj === null ? '-' : `${number(cost.energyUj)} µJ`} | ${layerNote(layer, tolerances)} |`;
}
