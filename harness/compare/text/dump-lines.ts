import { escapeTerminal } from '../../report/index.ts';
import type { DumpDiff, DumpLayerDiff } from '../dumps/dump-diff.ts';
import { plural, someOf, table, type Paint } from './table.ts';

const HEADS: readonly string[] = ['layer', 'op', 'elements', 'differ', 'max |d|', 'own', 'max |d|', ''];
const LEFT = new Set([1, 7]);
/** Causes that a line names, and places. */
const MOST = 4;

/** A table of layers, what explains those with own error, and the verdict on one line, which comes last. */
export function dumpLines(diff: DumpDiff, paint: Paint): string[] {
  const lines = [`A  ${escapeTerminal(diff.a)}${diff.profile === null ? '' : `  (the rule: ${escapeTerminal(diff.profile)})`}`, `B  ${escapeTerminal(diff.b)}`];
  const [heads, ...rows] = table(HEADS, diff.layers.map(cells), LEFT);
  lines.push(paint('dim', heads ?? ''), ...rows.map((row, i) => {
    const verdict = diff.layers[i]?.verdict;
    return verdict === 'own error' ? paint('bad', row) : verdict === 'equal' ? row : paint('warn', row);
  }));
  for (const layer of diff.layers) lines.push(...detail(layer));
  for (const { op, layers, causes, told } of diff.operators) {
    if (layers.length < 2 || causes.length === 0 || told.length === 0) continue;
    lines.push(`  all ${layers.length} layers of ${escapeTerminal(op)} with own error: ${escapeTerminal(causes.slice(0, MOST).map(({ text }) => text).join('; or '))}`);
  }
  lines.push(...diff.notes.map((note) => paint('warn', `  note: ${escapeTerminal(note)}`)), verdictLine(diff, paint));
  return lines;
}

function cells({ index, op, compared, mismatched, maxAbsDiff, own, verdict }: DumpLayerDiff): string[] {
  return [String(index), escapeTerminal(op).slice(0, 40), String(compared), String(mismatched), String(maxAbsDiff), own === null ? '-' : String(own.mismatched), own === null ? '-' : String(own.maxAbsDiff), verdict === 'equal' ? '' : verdict];
}

function detail(layer: DumpLayerDiff): string[] {
  if (layer.own === null || layer.verdict !== 'own error') return [];
  const best = layer.diagnosis.filter(({ rank }) => rank === 1);
  const [first] = best;
  const head = `  layer ${layer.index} ${layer.op}: `;
  const lines: string[] = [];
  if (first !== undefined) {
    lines.push(`${head}${best.slice(0, MOST).map(({ text }) => text).join('; or ')}${best.length > MOST ? `; or ${best.length - MOST} other causes` : ''} (explains ${first.explained} of ${first.wrong} elements in ${plural(first.samples, 'sample')})`);
  } else if (layer.fitting.length > 0) {
    const also = [...new Set(layer.fitting.flatMap(({ alsoExplains }) => alsoExplains))].sort((a, b) => a - b);
    const like = also.length === 0 ? 'fits' : `as in layer${also.length > 1 ? 's' : ''} ${someOf(also, MOST)}`;
    lines.push(`${head}${plural(layer.own.mismatched, 'element')}, too few to name a cause; ${like}: ${layer.fitting.map(({ text }) => text).join('; or ')}`);
  } else {
    lines.push(`${head}unexplained`);
  }
  if (layer.where !== null && layer.where.pattern.length > 0) lines.push(`    where: ${layer.where.pattern.slice(0, MOST).join('; ')}`);
  return lines.map(escapeTerminal);
}

/** The answer in one line; all that is printed with --quiet. */
function verdictLine(diff: DumpDiff, paint: Paint): string {
  const what = `${plural(diff.compared, 'element')} of ${plural(diff.samples, 'sample')}`;
  if (diff.equal) return paint('good', `EQUAL  ${what}`);
  const wrong = diff.layers.filter(({ verdict }) => verdict === 'own error').map(({ index }) => index);
  const own = diff.profile === null ? '' : wrong.length === 0 ? ', no layer with own error' : `, own error in layer${wrong.length > 1 ? 's' : ''} ${someOf(wrong, 12)}`;
  const inputs = diff.inputs.mismatched === 0 ? '' : `, the inputs differ in ${plural(diff.inputs.mismatched, 'element')}`;
  return paint('bad', `DIFFERENT  ${diff.mismatched} of ${what} differ${own}${inputs}`);
}
