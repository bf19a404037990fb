import { number } from '../../report/index.ts';
import type { Comparison, FigureChange, LayerChange, SideFacts, VerdictChange } from './comparison.ts';

/** Words of a comparison that the terminal and Markdown share. Plain text, names not escaped. */
export function headline({ result, verdicts, layers, figures, compared }: Comparison): string {
  const all = [...verdicts, ...layers, ...figures];
  const count = (...kinds: string[]): number => all.filter(({ kind }) => kinds.includes(kind)).length;
  const parts = [
    [count('worse', 'missing'), 'worse'], [count('unknown'), 'not known'], [count('better'), 'better'], [count('unlike'), 'not comparable'], [count('noise'), 'of unknown noise'], [count('new'), 'new'],
  ].filter(([many]) => many !== 0).map(([many, word]) => `${many} ${word}`);
  const what = result === 'same' ? 'nothing changed' : result === 'unknown' && compared.cases === 0 ? 'nothing could be compared' : parts.join(', ');
  return result === 'same' && parts.length > 0 ? `nothing is worse; ${parts.join(', ')}` : what;
}

export function countsText({ compared }: Comparison): string {
  const { cases, figures, equal, withinNoise } = compared;
  return `${cases} ${cases === 1 ? 'case' : 'cases'} and ${number(figures)} figures compared, ${number(equal)} equal${withinNoise === 0 ? '' : `, ${number(withinNoise)} within their noise`}`;
}

export const sideText = ({ label, commit, dirty }: SideFacts): string => `${commit?.slice(0, 10) ?? label}${dirty ? ' (with changed files)' : ''}`;

export const verdictText = ({ before, after, reason }: VerdictChange): string => `${before ?? 'not there'} -> ${after ?? 'not there'}${reason === '' || after === 'pass' ? '' : `: ${reason}`}`;

export const layerText = ({ kind, layer, op, name, before, after }: LayerChange): string =>
  `layer ${layer} ${op}${name === '' ? '' : ` (${name})`} ${kind === 'worse' ? `became wrong: ${number(after)} elements` : `is right again: it had ${number(before)} wrong elements`}`;

/** "22 391 -> 23 000 instructions" */
export const figureText = ({ before, after, unit }: FigureChange): string => `${before === null ? 'none' : number(before)} -> ${after === null ? 'none' : number(after)} ${unit}`.trimEnd();

/** "+2.72 %", '' where there is none. */
export function changeText({ before, after, kind }: FigureChange): string {
  if (before === null || after === null || kind === 'unlike') return '';
  if (before === 0) return after > 0 ? 'from 0' : '';
  const percent = (after / before - 1) * 100;
  return `${percent >= 0 ? '+' : ''}${Math.abs(percent) < 0.01 ? percent.toExponential(1) : percent.toFixed(2)} %`;
}
