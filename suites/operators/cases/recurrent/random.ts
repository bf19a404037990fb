import { seededRandom } from '../../../../harness/link/testing/random.ts';

/** Seeded constants: `count` whole numbers from `low` to `high`, one in sixteen at an end. */
export function integers(seed: number, count: number, low: number, high: number): number[] {
  const next = seededRandom(seed);
  return Array.from({ length: count }, () => (next() < 1 / 16 ? (next() < 0.5 ? low : high) : low + Math.floor(next() * (high - low + 1))));
}

/** As integers, for values between -limit and limit in float32. */
export const reals = (seed: number, count: number, limit: number): number[] => integers(seed, count, -1000, 1000).map((value) => Math.fround((value / 1000) * limit));
