/** What the test for steps looks at instead of the values: two kinds of scores, neither of which one wild value can carry. */

/** Values count for no more than this many noise sigmas. */
const CLIP_SIGMAS = 3;
/** Median absolute deviation -> standard deviation, for normal noise. */
const MAD_TO_SIGMA = 1.4826;

export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/**
 * Noise of values around `level`, robust: 1.4826 MAD; where more than half of the values are the same (a coarse timer), the
 * mean absolute deviation instead. 0 only where all are the same.
 */
export function noiseAround(values: ArrayLike<number>, level: number): number {
  const off = Float64Array.from(values, (value) => Math.abs(value - level));
  const mad = MAD_TO_SIGMA * median(off);
  return mad > 0 ? mad : Math.sqrt(Math.PI / 2) * off.reduce((sum, one) => sum + one, 0) / off.length;
}

/** Ranks, ties sharing the mean of theirs, standardised (mean 0, variance 1); null where all values are the same. */
export function rankScores(values: ArrayLike<number>): Float64Array | null {
  const n = values.length;
  const order = Array.from({ length: n }, (_, at) => at).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(n);
  for (let from = 0, to = 0; from < n; from = to) {
    while (to < n && values[order[to]!] === values[order[from]!]) to++;
    for (let at = from; at < to; at++) ranks[order[at]!] = (from + to - 1) / 2;
  }
  return standardised(ranks);
}

/** Distance from the median in noise sigmas, clipped (Huber's psi), standardised; null where all values are the same. */
export function clippedScores(values: ArrayLike<number>): Float64Array | null {
  const level = median(values);
  const sigma = noiseAround(values, level);
  return sigma === 0 ? null : standardised(Float64Array.from(values, (value) => clipped((value - level) / sigma)));
}

export function clipped(sigmas: number): number {
  return Math.max(-CLIP_SIGMAS, Math.min(CLIP_SIGMAS, sigmas));
}

function standardised(scores: Float64Array): Float64Array | null {
  const mean = scores.reduce((sum, one) => sum + one, 0) / scores.length;
  const sd = Math.sqrt(scores.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (scores.length - 1));
  return sd > 0 ? scores.map((one) => (one - mean) / sd) : null;
}
