/** What MLPerf Tiny asks of results (mlcommons/tiny: benchmark/runner, tools/submission/submission_checker.py, version 1.4). */

export interface Benchmark {
  /** Files of its accuracy data set. */
  readonly files: number;
  /** What the checker reads of accuracy. */
  readonly accuracy: 'top-1' | 'auc';
  /** Classes, as y_labels.csv has them. */
  readonly classes: number;
}

export const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  kws: { files: 1000, accuracy: 'top-1', classes: 12 },
  ic: { files: 200, accuracy: 'top-1', classes: 10 },
  ic2: { files: 200, accuracy: 'top-1', classes: 10 },
  ad: { files: 248, accuracy: 'auc', classes: 2 },
  vww: { files: 1000, accuracy: 'top-1', classes: 2 },
};

/** Timed windows, each of another input, and how long each takes at least, s. */
export const WINDOWS = 5;
export const WINDOW_SECONDS = 10;

/** Inferences a second of one window. */
export function throughput({ inferences, elapsedUs }: { readonly inferences: number; readonly elapsedUs: number }): number {
  return inferences / (elapsedUs / 1e6);
}

/** @param values at least one */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** A figure with so many decimals, cut: rounding must not lift it over a target. */
export function cut(value: number, decimals: number): string {
  // The shortest decimal form first: 100 * 0.901 is 90.10000000000001, and 100 * 0.57 is 56.99999999999999.
  const [whole = '0', fraction = ''] = Number(value.toPrecision(12)).toFixed(12).split('.');
  return `${whole}.${fraction.slice(0, decimals)}`;
}
