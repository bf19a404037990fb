import type { Planting } from '../plant/planting.ts';
import type { Site } from '../plant/site.ts';

/** Whole numbers from `least` to `greatest`, both included. */
export type Draw = (least: number, greatest: number) => number;

/**
 * One way of making random mistakes. What keeps it out of the catalogue: it makes several at random places with amounts of their own, where a
 * cause is one rule for all channels, taps or elements; a single number that it changes becomes none that a cause would give it.
 */
export interface Recipe {
  readonly id: string;
  /** null: not in this layer. */
  readonly mutate: (site: Site, draw: Draw) => Planting | null;
}

/** `count` different numbers below `below`. */
export function places(draw: Draw, count: number, below: number): number[] {
  const found = new Set<number>();
  while (found.size < Math.min(count, below)) found.add(draw(0, below - 1));
  return [...found];
}

/** A number from -greatest to greatest, at least `least` from 0. */
export const amount = (draw: Draw, least: number, greatest: number): number => (draw(0, 1) === 0 ? -1 : 1) * draw(least, greatest);
