import type { Baseline, MetricPoint } from '../history.ts';
import { commitsOf, markersOf, suspectOf } from './cause.ts';
import { worseBy, type Change, type Confidence } from './judgement.ts';
import { endsOf, Ledger, namesOf } from './ledger.ts';
import { median, noiseAround } from './scores.ts';
import type { Series } from './series.ts';
import { shiftBetween } from './shift.ts';
import { findSteps, LEAST_EFFECT, noiseOfBoth, type Step } from './steps.ts';

/** Values on a side that sizes and levels are taken from; the nearest to the step. */
const SIDE = 200;

export interface NoisyJudgement {
  readonly changes: Omit<Change, 'layer' | 'runsBetween'>[];
  readonly level: number;
  readonly noise: number;
}

/** Figures with noise: steps that a test confirms. */
export function noisyChanges(series: Series, baselines: readonly Baseline[]): NoisyJudgement {
  const { points } = series;
  const names = namesOf(series);
  const values = points.map(({ value }) => value);
  const steps = findSteps(values, names.better);
  const starts = [0, ...steps.map(({ at }) => at), values.length];
  const ledger = new Ledger(series, baselines);
  const levelAt = (step: number) => (index: number): number => median(values.slice(starts[step], Math.max(index + 1, starts[step]! + 1)));
  let noise = 0;
  for (const [which, step] of steps.entries()) {
    const before = values.slice(Math.max(starts[which]!, step.at - SIDE), step.at);
    const after = values.slice(step.at, Math.min(starts[which + 2]!, step.at + SIDE));
    noise = noiseOfBoth(before, after);
    ledger.acceptUntil(step.seen - 1, levelAt(which), LEAST_EFFECT * noise);
    const [from, to] = [median(before), median(after)];
    const { at, suspect } = whereItChanged(points, step);
    const confidence = confidenceOf(step, before, after, noise);
    // Of groups whose medians are the same (few ticks) the shift tells the direction.
    const behind = to === from ? from + confidence.size.value : to;
    ledger.change({
      ...names, ...endsOf(series, at, step.seen - 1), direction: worseBy(names.better, behind, from) > 0 ? 'worse' : 'better', suspect, from, to: behind, ratio: from === 0 ? null : behind / from,
      commits: commitsOf(points.slice(step.earliest, step.latest + 1)), markers: markersOf(points[at - 1]!, points[at]!), confidence,
    }, LEAST_EFFECT * noise);
  }
  const last = values.slice(starts.at(-2));
  const level = median(last);
  const lastNoise = noiseAround(last, level) || noise;
  ledger.acceptUntil(points.length, levelAt(steps.length), LEAST_EFFECT * lastNoise);
  return { changes: ledger.all(level), level, noise: lastNoise };
}

function confidenceOf({ p }: Step, before: readonly number[], after: readonly number[], noise: number): Confidence {
  const size = shiftBetween(before, after);
  return { how: p === null ? 'returned' : 'confirmed', p, size, sigmas: noise === 0 ? null : Math.abs(size.value) / noise, shape: isDrift(before, after) ? 'drift' : 'step', before: before.length, after: after.length };
}

/**
 * The code cannot change where the same image ran: of the places where the step may be, the nearest with another image; else with
 * another commit; else it is the bench.
 */
function whereItChanged(points: readonly MetricPoint[], step: Step): { at: number; suspect: Change['suspect'] } {
  const places = Array.from({ length: step.latest - step.earliest + 1 }, (_, index) => step.earliest + index).filter((at) => at > 0)
    .map((at) => ({ at, suspect: suspectOf(points[at - 1]!, points[at]!) })).sort((a, b) => Math.abs(a.at - step.at) - Math.abs(b.at - step.at));
  return places.find(({ suspect }) => suspect === 'code') ?? places.find(({ suspect }) => suspect === 'inputs') ?? { at: step.at, suspect: 'bench' };
}

/** Whether a straight line through both sides leaves less than the two levels do (absolute values, so that outliers count little). */
function isDrift(before: readonly number[], after: readonly number[]): boolean {
  const all = [...before, ...after];
  const [low, high] = [median(before), median(after)];
  const ofStep = all.reduce((sum, value, at) => sum + Math.abs(value - (at < before.length ? low : high)), 0);
  // Theil and Sen: the median of the slopes, here of values a third of the series apart, which are the steady ones.
  const reach = Math.max(1, Math.floor(all.length / 3));
  const slope = median(all.slice(reach).map((value, at) => (value - all[at]!) / reach));
  const offset = median(all.map((value, at) => value - slope * at));
  return all.reduce((sum, value, at) => sum + Math.abs(value - offset - slope * at), 0) < ofStep;
}
