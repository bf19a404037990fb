import type { Baseline } from '../history.ts';
import { commitsOf, markersOf, suspectOf } from './cause.ts';
import { worseBy, type Change } from './judgement.ts';
import { endsOf, Ledger, namesOf } from './ledger.ts';
import type { Series } from './series.ts';

/** Two are needed to see a change. */
export const LEAST_EXACT = 2;

/** Figures that repeat to the last digit: any change is one. */
export function exactChanges(series: Series, baselines: readonly Baseline[]): Omit<Change, 'layer' | 'runsBetween'>[] {
  const { points } = series;
  const names = namesOf(series);
  const ledger = new Ledger(series, baselines);
  for (let at = 1; at < points.length; at++) {
    const [before, after] = [points[at - 1]!, points[at]!];
    if (before.value === after.value) continue;
    ledger.acceptUntil(at, (index) => points[index]!.value, 0);
    const size = after.value - before.value;
    ledger.change({
      ...names, ...endsOf(series, at, at), direction: worseBy(names.better, after.value, before.value) > 0 ? 'worse' : 'better', suspect: suspectOf(before, after),
      from: before.value, to: after.value, ratio: before.value === 0 ? null : after.value / before.value, commits: commitsOf([after]), markers: markersOf(before, after),
      confidence: { how: 'exact', p: null, size: { value: size, low: size, high: size }, sigmas: null, shape: 'step', before: at, after: points.length - at },
    }, 0);
  }
  ledger.acceptUntil(points.length, (index) => points[index]!.value, 0);
  return ledger.all(points.at(-1)!.value);
}
