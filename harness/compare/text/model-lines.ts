import { escapeTerminal } from '../../report/index.ts';
import type { ModelDiff, OperatorDiff } from '../models/model-diff.ts';
import { plural, type Paint } from './table.ts';

/** What differs, a line each, and the verdict on one line, which comes last. */
export function modelLines(diff: ModelDiff, paint: Paint): string[] {
  const side = (name: string, { label, bytes, operators, sha256 }: ModelDiff['a']): string => `${name}  ${escapeTerminal(label)}: ${plural(operators, 'operator')}, ${bytes} bytes, SHA-256 ${sha256.slice(0, 12)}...`;
  const lines = [side('A', diff.a), side('B', diff.b), ...diff.differences.map((text) => `  ${escapeTerminal(text)}`)];
  for (const layer of diff.layers) {
    const [first = '', ...rest] = layer.differences;
    const head = escapeTerminal(`${title(layer)}: `);
    const onlyOne = layer.a === null || layer.b === null;
    lines.push(paint(onlyOne ? 'warn' : 'bad', `  ${head}${escapeTerminal(first)}`), ...rest.map((text) => `      ${escapeTerminal(text)}`));
  }
  lines.push(...diff.notes.map((note) => `  note: ${escapeTerminal(note)}`));
  const what = `${plural(diff.matched, 'operator')} matched, ${plural(diff.constants.compared, 'constant')} compared`;
  if (diff.identical) return [...lines, paint('good', `EQUAL  the same file, ${what}`)];
  if (diff.equal) return [...lines, paint('good', `EQUAL  ${what}; the files are not the same byte for byte`)];
  return [...lines, paint('bad', `DIFFERENT  ${plural(diff.layers.length, 'layer')} differ${diff.layers.length === 1 ? 's' : ''}, ${diff.constants.differing} of ${plural(diff.constants.compared, 'constant')} differ, ${plural(diff.matched, 'operator')} matched`)];
}

function title({ graph, op, a, b }: OperatorDiff): string {
  const index = a === null ? `- -> ${b}` : b === null ? `${a} -> -` : a === b ? String(a) : `${a} -> ${b}`;
  return `${graph === 0 ? '' : `graph ${graph}, `}layer ${index} ${op}`;
}
