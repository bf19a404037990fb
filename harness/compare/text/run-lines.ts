import { escapeTerminal } from '../../report/index.ts';
import type { CaseDiff, FigureDiff, RunDiff } from '../runs/run-diff.ts';
import { plural, type Paint } from './table.ts';

/** What changed, case by case, and the verdict on one line, which comes last. */
export function runLines(diff: RunDiff, paint: Paint): string[] {
  const side = (name: string, { label, id, suite, verdict, cases }: RunDiff['a']): string => escapeTerminal(`${name}  ${label}: ${suite}, run ${id}, ${plural(cases, 'case')}, ${verdict}`);
  const lines = [side('A', diff.a), side('B', diff.b), ...diff.notes.map((note) => paint('warn', `  note: ${escapeTerminal(note)}`))];
  for (const one of diff.cases) lines.push(...caseLines(one, paint));
  const changed = diff.cases.filter(({ equal }) => !equal).length;
  const compared = diff.cases.reduce((sum, { comparedA, comparedB }) => sum + Math.min(comparedA, comparedB), 0);
  const [cases, elements] = [plural(diff.cases.length, 'case'), `${plural(compared, 'element')} compared with the reference in both`];
  return [...lines, diff.equal ? paint('good', `EQUAL  ${cases}, ${elements}`) : paint('bad', `DIFFERENT  ${changed} of ${cases} changed, ${elements}`)];
}

function caseLines(one: CaseDiff, paint: Paint): string[] {
  const device = one.deviceA === null || one.deviceB === null || one.deviceA === one.deviceB ? one.deviceA ?? one.deviceB ?? '' : `${one.deviceA} -> ${one.deviceB}`;
  const lines = [paint('bold', `${escapeTerminal(`${one.name} on ${device}`)}${one.equal ? '' : ':'}`)];
  lines.push(...one.conditions.map((text) => paint('warn', `  ${escapeTerminal(text)}`)), ...one.changes.map((text) => paint('bad', `  ${escapeTerminal(text)}`)));
  lines.push(...one.figures.map((figure) => figureLine(figure, paint)));
  return lines;
}

function figureLine({ what, a, b, change, notComparable, changed }: FigureDiff, paint: Paint): string {
  const text = a === b ? a : `${a} -> ${b}`;
  if (notComparable !== '') return `  ${what.padEnd(8)}${escapeTerminal(`${text}  not compared: ${notComparable}`)}`;
  const percent = change === null || a === b ? '' : `  ${change > 0 ? '+' : ''}${(change * 100).toFixed(2)} %`;
  const line = `  ${what.padEnd(8)}${escapeTerminal(text)}${percent}${changed || percent === '' ? '' : '  (makes no difference)'}`;
  return changed ? paint('warn', line) : line;
}
