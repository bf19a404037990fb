/** The design of experiments: 512 points, each used by training, validation, calibration or test only. */

import type { EngineInput } from '../plant/engine.ts';
import { Random } from './random.ts';
import { scrambledSobol } from './sobol.ts';
import { fromUnitCube } from './space.ts';

export const DESIGN_POINTS = 512;
export const DESIGN_SEED = 20_260;
/** Scrambles tried; the one whose closest pair of points is farthest apart is kept. */
export const DESIGN_CANDIDATES = 64;
const SPLIT_SEED = 77;

export type Split = 'test' | 'representative' | 'validation' | 'training';
/** Points a split, together DESIGN_POINTS. */
export const SPLIT_SIZES: Readonly<Record<Split, number>> = { test: 16, representative: 48, validation: 48, training: 400 };

export interface DesignPoint {
  /** Place in the design, 0..511. */
  index: number;
  unit: readonly number[];
  input: EngineInput;
}

/** Smallest Euclidean distance of any two points. */
export function smallestDistance(points: readonly (readonly number[])[]): number {
  let least = Infinity;
  points.forEach((p, i) => {
    for (let j = 0; j < i; j++) {
      const q = points[j] ?? [];
      let sum = 0;
      for (let d = 0; d < p.length; d++) sum += ((p[d] ?? 0) - (q[d] ?? 0)) ** 2;
      if (sum < least) least = sum;
    }
  });
  return Math.sqrt(least);
}

function bestScramble(): number[][] {
  let best: number[][] = [];
  let distance = -1;
  for (let c = 0; c < DESIGN_CANDIDATES; c++) {
    const points = scrambledSobol(DESIGN_POINTS, DESIGN_SEED + c);
    const d = smallestDistance(points);
    if (d > distance) [best, distance] = [points, d];
  }
  return best;
}

/** All 512 points in the order of the sequence. */
export function design(): DesignPoint[] {
  return bestScramble().map((unit, index) => ({ index, unit, input: fromUnitCube(unit) }));
}

/** Deals the points out, at random but seeded. */
export function split(points: readonly DesignPoint[]): Record<Split, DesignPoint[]> {
  const dealt = new Random(SPLIT_SEED).shuffled(points);
  let from = 0;
  const take = (name: Split): DesignPoint[] => dealt.slice(from, (from += SPLIT_SIZES[name]));
  return { test: take('test'), representative: take('representative'), validation: take('validation'), training: take('training') };
}
