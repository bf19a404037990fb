import { determinismText, toleranceLines } from './diagnosis/checks.ts';
import { diagnosisLines } from './diagnosis/lines.ts';
import { layerState } from './diagnosis/states.ts';
import { escapeText } from './escape/terminal.ts';
import { caseTitle, energyText, faultLines, latencyText, limitText, linkText, memoryText, npuText, layerNote, mismatchedText, number, outputForgivenText, plural, seconds, VERDICT_WORDS, wrongByItself } from './format.ts';
import { leftOutLines } from './matrix.ts';
import type { CaseReport, Report, Verdict } from './report.ts';
import { matrixLines } from './terminal-matrix.ts';

export type Style = 'good' | 'bad' | 'warn' | 'dim' | 'bold';
/** Puts colour around text that is already escaped; the CLI gives one where standard output is a terminal that has colours. */
export type Paint = (style: Style, text: string) => string;

export interface TerminalOptions {
  readonly paint?: Paint;
  /** Also the target's log lines, and all of the diagnosis. */
  readonly verbose?: boolean;
}

const STYLES: Readonly<Record<Verdict, Style>> = { pass: 'good', fail: 'bad', 'build-error': 'bad', 'bench-error': 'warn', skipped: 'dim', interrupted: 'warn' };
const plain: Paint = (_style, text) => text;

/** The whole run: each case, all of them beside each other where there are several devices, then the verdict. Lines without line ends. */
export function terminalReport(report: Report, options: TerminalOptions = {}): string[] {
  const paint = options.paint ?? plain;
  const lines = report.cases.flatMap((one) => [...terminalCase(one, options), '']);
  const counts = new Map<Verdict, number>();
  for (const { verdict } of report.cases) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  const list = [...counts].map(([verdict, count]) => `${count} ${verdict}`).join(', ');
  const matrix = matrixLines(report, paint, ({ verdict }) => STYLES[verdict]);
  if (matrix.length > 0) lines.push(paint('bold', 'All devices'), ...matrix, '');
  const leftOut = leftOutLines(report);
  if (leftOut.length > 0) lines.push(...leftOut.map((line) => fact('left out', line)), '');
  const without = leftOut.length === 0 ? '' : `, ${plural(leftOut.length, 'device')} left out`;
  return [...lines, `${paint(STYLES[report.verdict], VERDICT_WORDS[report.verdict])}  ${escapeText(report.suite.name, 200)}: ${list === '' ? 'no case ran' : list}${without} (${seconds(report.run.durationMs)})`];
}

/** One case on one device. */
export function terminalCase(one: CaseReport, options: TerminalOptions = {}): string[] {
  const paint = options.paint ?? plain;
  const lines = [paint('bold', `${escapeText(caseTitle(one), 300)}`)];
  if (one.layers.length > 0) lines.push(...layerTable(one, paint));
  for (const output of one.outputs) lines.push(...outputLines(output, paint));
  if (one.verdict !== 'skipped' && one.verdict !== 'build-error') {
    lines.push(fact('latency', latencyText(one)));
    const { latency } = one;
    if (latency !== null && latency.layersSum !== null && latency.layersTotal !== null) lines.push(fact('', `sum of the layers ${number(latency.layersSum)} of ${number(latency.layersTotal)} ${latency.unit} in all`));
    lines.push(fact('memory', memoryText(one)), fact('energy', energyText(one, true)), fact('link', linkText(one)), fact('npu', npuText(one)));
  }
  if (one.fault !== null) lines.push(...faultLines(one.fault).map((line, which) => `  ${paint('bad', which === 0 ? 'fault   ' : '        ')}  ${escapeText(line)}`));
  for (const { head, text } of diagnosisLines(one, options.verbose === true)) lines.push(`  ${paint(head === 'culprit' || head === 'unrun' ? 'bad' : 'warn', head.padEnd(8))}  ${escapeText(text)}`);
  for (const line of toleranceLines(one.tolerances, options.verbose === true ? one.tolerances.length : undefined)) lines.push(fact('allowed', line));
  for (const check of one.determinism) lines.push(fact('repeats', determinismText(check)));
  if (options.verbose === true) lines.push(...one.log.map((line) => fact('log', line)));
  // A compiler's message has lines, and a caret that points at a column; in any other, a line end came from a name.
  const reasons = one.reasons.flatMap((reason) => (one.verdict === 'build-error' ? reason.split('\n') : [reason]).map((line) => escapeText(line)));
  // What a pass rests on stands below it; what anything else is due to, beside it.
  const passed = one.verdict === 'pass' || one.reasons.length === 0;
  lines.push(`  ${paint(STYLES[one.verdict], VERDICT_WORDS[one.verdict])}${passed ? `, ${plural(one.samples, 'sample')} in ${plural(one.sequences.length, 'sequence')}` : `: ${reasons[0] ?? ''}`}`);
  lines.push(...reasons.slice(passed ? 0 : 1).map((line) => `    ${line}`));
  return lines;
}

function fact(name: string, text: string): string {
  return `  ${name.padEnd(8)}  ${escapeText(text)}`;
}

function outputLines(output: CaseReport['outputs'][number], paint: Paint): string[] {
  const head = `${plural(output.compared, 'element')} compared, ${number(output.mismatched)} mismatched, max |d| ${number(output.maxAbsDiff)}${outputForgivenText(output)}`;
  return [fact('output', `${output.name}: ${head}`), ...output.metrics.map((metric) => {
    const limit = limitText(metric) === '' ? '' : ` (${limitText(metric)})`;
    return `${fact('', `${metric.name} ${number(metric.value)} ${metric.unit}${limit}`)} ${metric.passed ? paint('good', 'ok') : paint('bad', metric.max === null ? 'under' : 'over')}`;
  })];
}

const HEADS: readonly string[] = ['layer', 'op', 'compared', 'mismatched', 'max |d|', 'cost', 'MACs', 'energy', ''];
const LEFT = new Set([1, 8]);

function layerTable({ layers, tolerances }: CaseReport, paint: Paint): string[] {
  const units = new Set(layers.filter(({ cost }) => cost.value !== null).map(({ cost }) => escapeText(cost.unit, 20)));
  const oneUnit = units.size === 1 ? [...units][0] ?? null : null;
  const heads = HEADS.map((head) => (head === 'cost' && oneUnit !== null ? oneUnit : head === 'energy' ? 'energy (modelled)' : head));
  const rows = layers.map((layer) => [
    String(layer.index), escapeText(layer.op, 40), number(layer.compared), mismatchedText(layer), number(layer.maxAbsDiff),
    layer.cost.value === null ? '-' : `${number(layer.cost.value)}${oneUnit === null ? ` ${escapeText(layer.cost.unit, 20)}` : ''}`, number(layer.cost.macs),
    layer.cost.energyUj === null ? '-' : `${number(layer.cost.energyUj)} uJ`, layerNote(layer, tolerances),
  ]);
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]): string => `  ${cells.map((text, column) => (LEFT.has(column) ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0))).join('  ')}`.trimEnd();
  return [paint('dim', line(heads)), ...rows.map((row, which) => {
    const layer = layers[which];
    const state = layer === undefined ? 'equal' : layerState(layer, tolerances);
    if (state === 'tolerated' || state === 'forgiven') return paint('warn', line(row));
    const wrong = layer !== undefined && (layer.mismatched > 0 || layer.ran === 'not executed');
    return wrong ? paint(layer.mismatched > 0 && !wrongByItself(layer) && layer.own !== null ? 'warn' : 'bad', line(row)) : line(row);
  })];
}
