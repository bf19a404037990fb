import { number } from '../../report/index.ts';
import type { Comparison, FigureChange, LayerChange, SideFacts, VerdictChange, Where } from './comparison.ts';

/** Words of a comparison that the terminal and Markdown share. Plain text, names not escaped. */
export function headline({ result, verdicts, layers, figures, compared }: Comparison): string {
  const all = [...verdicts, ...layers, ...figures];
  const count = (...kinds: string[]): number => all.filter(({ kind }) => kinds.includes(kind)).length;
  const parts = [
    [count('worse', 'missing'), 'worse'], [count('unknown'), 'not known'], [count('better'), 'better'], [count('unlike'), 'figures not comparable'], [count('noise'), 'of unknown noise'], [count('new'), 'new'],
  ].filter(([many]) => many !== 0).map(([many, word]) => `${many} ${word}`);
  if (compared.absent > 0) parts.push(`${compared.absent} not in the head`);
  const what = result === 'same' ? 'nothing changed' : result === 'unknown' && compared.figures === 0 && verdicts.length === 0 ? 'nothing could be compared' : parts.join(', ');
  return result === 'same' && parts.length > 0 ? `nothing is worse; ${parts.join(', ')}` : what;
}

export function countsText({ compared }: Comparison): string {
  const { cases, figures, equal, withinNoise } = compared;
  return `${cases} ${cases === 1 ? 'case' : 'cases'} and ${number(figures)} figures compared, ${number(equal)} equal${withinNoise === 0 ? '' : `, ${number(withinNoise)} within their noise`}`;
}

export const sideText = ({ label, commit, dirty }: SideFacts): string => `${commit?.slice(0, 10) ?? label}${dirty ? ' (with changed files)' : ''}`;

export const verdictText = ({ before, after, reason }: VerdictChange): string => `${before ?? 'not there'} -> ${after ?? 'not there'}${reason === '' || (after === 'pass' && before !== 'pass') ? '' : `: ${reason}`}`;

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

/** Figures of a case that may not be compared for one and the same reason: a line for all of them. */
export interface Unlike extends Where { readonly metrics: readonly string[]; readonly why: string }

export function unlikeTogether(figures: readonly FigureChange[]): Unlike[] {
  const groups = new Map<string, { where: Where; metrics: string[]; why: string }>();
  for (const { suite, case: name, device, kind, metric, why } of figures) {
    if (kind !== 'unlike') continue;
    const where = { suite, case: name, device };
    const key = JSON.stringify([where, why]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { where, metrics: [metric], why });
    else group.metrics.push(metric);
  }
  return [...groups.values()].map(({ where, metrics, why }) => ({ ...where, metrics, why }));
}

/** "12 figures (latency, flash, ...) not compared: -O2 / -Os" */
export const unlikeText = ({ metrics, why }: Unlike): string =>
  `${metrics.length === 1 ? 'figure' : `${metrics.length} figures`} (${metrics.slice(0, 3).join(', ')}${metrics.length > 3 ? ', ...' : ''}) not compared: ${why}`;
