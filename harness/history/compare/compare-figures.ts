import type { CaseReport, Report } from '../../report/index.ts';
import { figuresOfCase, type Figure } from '../metrics-of-case.ts';
import type { FigureChange, Where } from './comparison.ts';

/** Least difference that is more than a figure's noise, in its unit; null: not known. */
export type Noise = (where: Where, figure: Figure) => number | null;

interface Found extends Where { readonly report: Report; readonly one: CaseReport }

/** Of the computer that hil ran on, with all that ran beside it; not of the code. */
const NOT_OF_THE_CODE: readonly string[] = ['duration'];

/** The figures of a case in both: exact ones exactly, noisy ones beyond their noise, and only like with like. */
export function compareFigures(old: Found, now: Found, noise: Noise): { readonly changes: FigureChange[]; readonly compared: number; readonly equal: number; readonly withinNoise: number } {
  const figures = (found: Found): Map<string, Figure> => new Map(figuresOfCase(found.report, found.one).filter(({ metric }) => !NOT_OF_THE_CODE.includes(metric)).map((figure) => [figure.metric, figure]));
  const [before, after] = [figures(old), figures(now)];
  const where = { suite: now.suite, case: now.case, device: now.device };
  const counts = { compared: 0, equal: 0, withinNoise: 0 };
  const changes: FigureChange[] = [];
  const add = (kind: FigureChange['kind'], metric: string, a: Figure | undefined, b: Figure | undefined, why = ''): void => {
    changes.push({ ...where, kind, metric, before: a?.value ?? null, after: b?.value ?? null, unit: (b ?? a)?.unit ?? '', why });
  };
  for (const [metric, a] of before) {
    const b = after.get(metric);
    if (b === undefined) {
      add('missing', metric, a, undefined, now.one.verdict === 'fail' ? 'the case fails' : '');
      continue;
    }
    if (a.likeness !== b.likeness) {
      add('unlike', metric, a, b, unlikeText(a.likenessText, b.likenessText));
      continue;
    }
    counts.compared++;
    if (a.value === b.value) {
      counts.equal++;
      continue;
    }
    const isWorse = a.better === 'lower' ? b.value > a.value : b.value < a.value;
    const threshold = a.exact ? 0 : noise(where, b);
    if (threshold === null) add('noise', metric, a, b, 'noise not known');
    else if (Math.abs(b.value - a.value) <= threshold) counts.withinNoise++;
    else add(isWorse ? 'worse' : 'better', metric, a, b, a.exact ? '' : `noise at most ${Number(threshold.toPrecision(3))}`);
  }
  for (const [metric, b] of after) if (!before.has(metric)) add('new', metric, undefined, b);
  return { changes, ...counts };
}

/** What differs of two likenesses; their words may be the same where only flags differ. */
function unlikeText(a: string, b: string): string {
  const [before, after] = [a.split('; '), b.split('; ')];
  const left = before.filter((part) => !after.includes(part));
  const right = after.filter((part) => !before.includes(part));
  return left.length + right.length === 0 ? 'flags of the compiler differ' : `${left.join('; ') || 'nothing'} / ${right.join('; ') || 'nothing'}`;
}
