/** All sequences of the suite, from the design of experiments: which split gets which points, how often and with which seed. */

import type { DesignPoint, Split } from '../doe/design.ts';
import { design, split } from '../doe/design.ts';
import type { Sequence } from '../doe/excitation.ts';
import { excitation } from '../doe/excitation.ts';
import type { NamedSequence } from '../doe/test-sequences.ts';
import { testSequences } from '../doe/test-sequences.ts';

/** Passes over the points of a split, and the seed of their order and moves. */
export const EXCITATIONS = {
  training: { passes: 10, seed: 101 },
  validation: { passes: 2, seed: 202 },
  representative: { passes: 2, seed: 303 },
} as const;

export interface Plan {
  points: DesignPoint[];
  splits: Record<Split, DesignPoint[]>;
  training: Sequence[];
  validation: Sequence[];
  representative: Sequence[];
  test: NamedSequence[];
}

export function plan(): Plan {
  const points = design();
  const splits = split(points);
  const make = (name: keyof typeof EXCITATIONS): Sequence[] => excitation(splits[name], EXCITATIONS[name].passes, EXCITATIONS[name].seed);
  return {
    points,
    splits,
    training: make('training'),
    validation: make('validation'),
    representative: make('representative'),
    test: testSequences(splits.test),
  };
}
