import { median } from './scores.ts';

export interface Shift {
  /** How much higher the second group is (Hodges and Lehmann 1963: median of all differences). */
  readonly value: number;
  /** 95 % interval of it, from the Wilcoxon rank-sum test (Hollander, Wolfe and Chicken 2014, 4.3, large samples). */
  readonly low: number;
  readonly high: number;
}

const Z_95 = 1.96;

/** @param before, after at least one value each. Fewer than about 4 in one of them: the interval is the whole range of the differences. */
export function shiftBetween(before: ArrayLike<number>, after: ArrayLike<number>): Shift {
  const [m, n] = [before.length, after.length];
  const differences = new Float64Array(m * n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) differences[i * n + j] = after[j]! - before[i]!;
  differences.sort();
  const rank = Math.max(0, Math.floor((m * n) / 2 - Z_95 * Math.sqrt((m * n * (m + n + 1)) / 12)));
  return { value: median(differences), low: differences[rank]!, high: differences[m * n - 1 - rank]! };
}
