import { clipped, median, noiseAround } from './scores.ts';
import { shiftBetween } from './shift.ts';
import { LEAST_POINTS, LEAST_SIDE, testForStep } from './step-test.ts';

/** A night looks back at so many values at most. */
export const WINDOW = 100;
/** Steps smaller than this many sigmas of the series' own noise are not worth a word. */
export const LEAST_EFFECT = 0.5;
/** See returns(). */
const RETURN_Z = 4;
const RETURN_NIGHTS = 12;

export interface Step {
  /** Index of the first value behind it. */
  readonly at: number;
  readonly earliest: number;
  readonly latest: number;
  /** Number of values that were known when it was found: at + the delay. */
  readonly seen: number;
  /** Of no step; null: found by the rule of returns, see returns(). */
  readonly p: number | null;
}

/**
 * Steps of a noisy series, found as they were night by night: each night judges with the values known then, from the last step on,
 * so that what was reported stays reported and a later night changes nothing before it.
 * @param better direction in which a return to the level before ends a step sooner
 */
export function findSteps(values: ArrayLike<number>, better: 'lower' | 'higher'): Step[] {
  const all = Float64Array.from(values);
  const steps: Step[] = [];
  let [start, beforeStart] = [0, -1];
  for (let seen = 1; seen <= all.length; seen++) {
    const step = nightly(all, { start, beforeStart, seen, better });
    if (step === null) continue;
    steps.push(step);
    // What came back has no step to come back from.
    [beforeStart, start] = [step.p === null ? -1 : start, step.at];
  }
  return steps;
}

interface Night { readonly start: number; readonly beforeStart: number; readonly seen: number; readonly better: 'lower' | 'higher' }

function nightly(all: Float64Array, { start, beforeStart, seen, better }: Night): Step | null {
  if (seen - start >= LEAST_POINTS) {
    const from = Math.max(start, seen - WINDOW);
    const found = testForStep(all.subarray(from, seen));
    if (found !== null && largeEnough(all.subarray(from, from + found.at), all.subarray(from + found.at, seen))) {
      return { at: from + found.at, earliest: from + found.earliest, latest: from + found.latest, seen, p: found.p };
    }
  }
  if (beforeStart < 0) return null;
  const back = returns(all.subarray(Math.max(beforeStart, start - WINDOW), start), all.subarray(start, seen), better);
  return back === 0 ? null : { at: seen - back, earliest: seen - back, latest: seen - back, seen, p: null };
}

/** Noise around the levels on both sides of a step. */
export function noiseOfBoth(before: ArrayLike<number>, after: ArrayLike<number>): number {
  const [low, high] = [median(before), median(after)];
  return noiseAround(Float64Array.from([...Array.from(before, (value) => value - low), ...Array.from(after, (value) => value - high)]), 0);
}

function largeEnough(before: Float64Array, after: Float64Array): boolean {
  const { value } = shiftBetween(before, after);
  // The last digits of a float are no step either.
  return Math.abs(value) > Math.max(LEAST_EFFECT * noiseOfBoth(before, after), 1e-9 * Math.abs(median(before)));
}

/**
 * A repaired regression should not stay red until the test for steps has its values again. The last 3 to 12 values have come back
 * where each is nearer to the level before, their median is within one sigma of it, and they are 4 standard errors better than the
 * level after, counted from the end of its 99 % interval that is nearest to the level before.
 * @returns how many, 0: none
 */
function returns(before: Float64Array, after: Float64Array, better: 'lower' | 'higher'): number {
  const sign = better === 'lower' ? 1 : -1;
  const good = median(before);
  for (let last = LEAST_SIDE; last <= Math.min(RETURN_NIGHTS, after.length - LEAST_SIDE); last++) {
    const bad = after.subarray(0, after.length - last);
    const now = after.subarray(after.length - last);
    const sigma = noiseOfBoth(before, bad);
    // 1.2533: standard error of a median against that of a mean; 2.576: 99 %.
    const least = sign * (median(bad) - good) - 2.576 * 1.2533 * sigma * Math.sqrt(1 / before.length + 1 / bad.length);
    if (least <= 0 || now.some((value) => sign * (value - good) > least / 2) || sign * (median(now) - good) > sigma) continue;
    if (sigma === 0) return last;
    const mean = now.reduce((sum, value) => sum + clipped((sign * (value - good)) / sigma), 0) / last;
    if ((least / sigma - mean) * Math.sqrt(last) >= RETURN_Z) return last;
  }
  return 0;
}
