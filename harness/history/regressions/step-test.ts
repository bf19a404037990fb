import { clipped, clippedScores, median, noiseAround, rankScores } from './scores.ts';

/** Points that must lie on either side of a step: one or two wild values are none. */
export const LEAST_SIDE = 3;
/** Fewer hardly reach the level: the best split of 14 has a probability of 2/C(14,7) = 1/1716, of 15 of 2/C(15,7) = 1/3218. */
export const LEAST_POINTS = 15;
/** Chance that one night raises a false alarm, where the noise of a series is exchangeable. */
export const ALARM_LEVEL = 0.001;
const PERMUTATIONS = 3999;
/** No arrangement of 15 points or more reaches the level below this; saves most permutations. */
const LEAST_Z = 2.3;
/** Places whose log likelihood, doubled, is within this of the best are where the step may be; see the bench for how often it is one of them. */
const POSITION_LOSS = 6;

export interface StepFound {
  /** Index of the first value behind the step. */
  readonly at: number;
  /** First and last index at which the step may be as well. */
  readonly earliest: number;
  readonly latest: number;
  /** Of no step at all, all places together (permutation). */
  readonly p: number;
}

/**
 * Is there a step in these values? The largest standardised difference between what is before and behind a place, over all places,
 * on ranks (Wilcoxon) and on clipped values (Huber), against the same largest difference in random orders of the same values. A
 * permutation test of the maximum is exact whatever the distribution of the noise is, as long as any order of it is as likely; for
 * noise that remembers (temperature) the difference is first divided by what the memory makes of it, see memory().
 * Deterministic: the orders are seeded by the number of values.
 * @returns null: none at ALARM_LEVEL, or not enough values on one side of it yet
 */
export function testForStep(values: Float64Array): StepFound | null {
  const n = values.length;
  if (n < LEAST_POINTS) return null;
  const scores = [rankScores(values), clippedScores(values)].filter((one) => one !== null);
  const weights = Float64Array.from({ length: n }, (_, tail) => (tail < LEAST_SIDE ? 0 : 1 / Math.sqrt((tail * (n - tail)) / n)));
  const best = strongestSplit(scores, weights);
  const z = best.z / Math.sqrt(memory(values, best.at));
  if (!(z >= LEAST_Z)) return null;
  const allowed = Math.floor(ALARM_LEVEL * (PERMUTATIONS + 1)) - 1;
  const orders = new RandomOrders(scores, weights, n);
  let asStrong = 0;
  for (let turn = 0; turn < PERMUTATIONS; turn++) {
    // Enough orders are as strong: the rest cannot change the answer (Besag and Clifford 1991).
    if (orders.nextReaches(z - 1e-9) && ++asStrong > allowed) return null;
  }
  const places = placesOf(values, best.at);
  // Two values that are far off and one that is not: the next night knows more.
  return places.at < LEAST_SIDE || places.at > n - LEAST_SIDE ? null : { ...places, p: (1 + asStrong) / (PERMUTATIONS + 1) };
}

interface Split { readonly z: number; readonly at: number }

function strongestSplit(scores: readonly Float64Array[], weights: Float64Array): Split {
  let [z, at] = [-1, 0];
  for (const one of scores) {
    const n = one.length;
    for (let tail = 1, sum = 0; tail <= n - LEAST_SIDE; tail++) {
      sum += one[n - tail]!;
      const here = Math.abs(sum) * weights[tail]!;
      if (here > z) [z, at] = [here, n - tail];
    }
  }
  return { z, at };
}

/** Where two levels describe the values best, and the places that describe them nearly as well: by Huber's loss around the medians of both sides. */
function placesOf(values: Float64Array, at: number): { at: number; earliest: number; latest: number } {
  const n = values.length;
  const levels = [median(values.subarray(0, at)), median(values.subarray(at))] as const;
  const sigma = noiseAround(values.map((value, index) => value - levels[index < at ? 0 : 1]), 0);
  if (sigma === 0) return { at, earliest: at, latest: at };
  const gains = values.map((value) => huber((value - levels[1]) / sigma) - huber((value - levels[0]) / sigma));
  // Losses of a place against that of the step at the very beginning.
  const losses = new Float64Array(n + 1);
  for (let place = 1; place <= n; place++) losses[place] = losses[place - 1]! - gains[place - 1]!;
  const least = Math.min(...losses.subarray(1, n));
  const near = Array.from({ length: n - 1 }, (_, index) => index + 1).filter((place) => losses[place]! <= least + POSITION_LOSS / 2);
  return { at: near.find((place) => losses[place] === least) ?? at, earliest: near[0] ?? at, latest: near.at(-1) ?? at };
}

const HUBER = 1.345;
const huber = (sigmas: number): number => (Math.abs(sigmas) <= HUBER ? sigmas ** 2 / 2 : HUBER * (Math.abs(sigmas) - HUBER / 2));

/**
 * Variance of a mean of values that remember the one before, against those that don't: (1 + r)/(1 - r) for a first-order
 * autoregression (Bartlett 1946). r is the correlation of neighbours around the two levels, with its bias taken off (Kendall 1954),
 * less half of its own standard error, so that noise without memory pays little; at most 0.9.
 */
function memory(values: Float64Array, at: number): number {
  const n = values.length;
  const levels = [median(values.subarray(0, at)), median(values.subarray(at))] as const;
  const off = values.map((value, index) => value - levels[index < at ? 0 : 1]);
  const sigma = noiseAround(off, 0);
  if (sigma === 0) return 1;
  const scaled = off.map((one) => clipped(one / sigma));
  let [neighbours, squares] = [0, 0];
  for (let index = 0; index < n; index++) {
    squares += scaled[index]! ** 2;
    if (index > 0) neighbours += scaled[index]! * scaled[index - 1]!;
  }
  const seen = neighbours / squares;
  const r = Math.min(0.9, Math.max(0, seen + (1 + 3 * seen) / n - 0.5 / Math.sqrt(n)));
  return (1 + r) / (1 - r);
}

/** Random orders of two kinds of scores at once, and how strong the strongest split of each is. Seeded by the number of values. */
class RandomOrders {
  readonly #ranks: Float64Array;
  readonly #clipped: Float64Array;
  readonly #weights: Float64Array;
  /** Marsaglia's xorshift32. */
  #state: number;

  constructor([ranks, clippedOnes]: readonly Float64Array[], weights: Float64Array, seed: number) {
    this.#ranks = Float64Array.from(ranks!);
    this.#clipped = Float64Array.from(clippedOnes ?? ranks!);
    this.#weights = weights;
    this.#state = (0x9e3779b9 ^ Math.imul(seed, 0x85ebca6b)) | 1;
  }

  /** The shuffle of Fisher and Yates fixes the last value first: the sums of tails grow with it, and what is known early ends it. */
  nextReaches(z: number): boolean {
    const [ranks, clippedOnes, weights] = [this.#ranks, this.#clipped, this.#weights];
    const n = ranks.length;
    let [state, rankSum, clippedSum, reaches] = [this.#state, 0, 0, false];
    for (let last = n - 1; last >= LEAST_SIDE && !reaches; last--) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      const other = Math.floor(((state >>> 0) / 2 ** 32) * (last + 1));
      const [rank, one] = [ranks[other]!, clippedOnes[other]!];
      ranks[other] = ranks[last]!;
      ranks[last] = rank;
      clippedOnes[other] = clippedOnes[last]!;
      clippedOnes[last] = one;
      rankSum += rank;
      clippedSum += one;
      reaches = Math.max(Math.abs(rankSum), Math.abs(clippedSum)) * weights[n - last]! >= z;
    }
    this.#state = state;
    return reaches;
  }
}
