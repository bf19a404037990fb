import { differenceOf } from '../tensor-tally.ts';
import type { WrongElements } from './wrong-elements.ts';

/** Bins of a histogram, "other" among them. */
const MAX_BINS = 64;
/** Distinct differences that are told apart while counting: of floats each may be another one. */
const MAX_DISTINCT = 65_536;

/** got - expected -> elements, in rising order; where there are more differences than bins, the most frequent, the rest under "other". */
export function differenceHistogram({ samples, wrong }: WrongElements): Record<string, number> {
  const counts = new Map<number, number>();
  for (const { expected, got, flat } of samples) {
    for (const i of flat) {
      const difference = differenceOf(expected[i], got[i]);
      const seen = counts.get(difference);
      if (seen !== undefined || counts.size < MAX_DISTINCT) counts.set(difference, (seen ?? 0) + 1);
    }
  }
  const frequent = [...counts].sort((a, b) => b[1] - a[1]);
  const shown = counts.size <= MAX_BINS && sumOf(frequent) === wrong ? frequent : frequent.slice(0, MAX_BINS - 1);
  const other = wrong - sumOf(shown);
  const bins = shown.sort((a, b) => a[0] - b[0]).map(([difference, n]): [string, number] => [String(difference), n]);
  return Object.fromEntries(other === 0 ? bins : [...bins, ['other', other]]);
}

function sumOf(bins: readonly (readonly [number, number])[]): number {
  return bins.reduce((sum, [, n]) => sum + n, 0);
}
