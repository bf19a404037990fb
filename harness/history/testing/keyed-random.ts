import { createHash } from 'node:crypto';

/** Numbers that depend on names alone, so that any part of a simulation can be made without what comes before it. */
export interface KeyedRandom {
  /** In [0, 1). */
  readonly uniform: (...key: readonly (string | number)[]) => number;
  /** Standard normal (Box and Muller 1958). */
  readonly normal: (...key: readonly (string | number)[]) => number;
  /** Whole number, both included. */
  readonly whole: (least: number, greatest: number, ...key: readonly (string | number)[]) => number;
  readonly hex: (digits: number, ...key: readonly (string | number)[]) => string;
}

export function keyedRandom(seed: number | string): KeyedRandom {
  const uniform = (...key: readonly (string | number)[]): number => {
    let state = 0x811c9dc5; // FNV-1a, then the finaliser of MurmurHash3: neighbouring keys must not give neighbouring numbers
    for (const char of `${seed}|${key.join('|')}`) state = Math.imul(state ^ char.charCodeAt(0), 0x01000193);
    state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
    return ((state ^ (state >>> 16)) >>> 0) / 2 ** 32;
  };
  return {
    uniform,
    normal: (...key) => Math.sqrt(-2 * Math.log(1 - uniform(...key, 'radius'))) * Math.cos(2 * Math.PI * uniform(...key, 'angle')),
    whole: (least, greatest, ...key) => least + Math.floor(uniform(...key) * (greatest - least + 1)),
    hex: (digits, ...key) => createHash('sha256').update(`${seed}|${key.join('|')}`).digest('hex').slice(0, digits),
  };
}
