/** Seeded constants: `count` whole numbers from `low` to `high`, one in sixteen at an end. (mulberry32, Tommy Ettinger, public domain) */
export function integers(seed: number, count: number, low: number, high: number): number[] {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return Array.from({ length: count }, () => (next() < 1 / 16 ? (next() < 0.5 ? low : high) : low + Math.floor(next() * (high - low + 1))));
}

/** As integers, for values between -limit and limit in float32. */
export const reals = (seed: number, count: number, limit: number): number[] => integers(seed, count, -1000, 1000).map((value) => Math.fround((value / 1000) * limit));
