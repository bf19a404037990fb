import type { LayerEvidence } from './evidence.ts';
import type { Cause } from './hypotheses/causes.ts';

/** A cause that reproduces what the device shows. */
export interface Explanation {
  readonly cause: Cause;
  /** With the parameters that fit, for people. */
  readonly text: string;
  /** Elements with own error in the samples looked at, and how many of them it reproduces exactly. */
  readonly wrong: number;
  readonly explained: number;
  /** Elements that the device has right and this cause would make wrong. */
  readonly contradicted: number;
  readonly samples: number;
  /** 1 = best. Explanations that the data cannot tell apart have the same rank. */
  readonly rank: number;
}

export interface ExplainOptions {
  /** Give up looking for further causes after so long; what was found by then is returned. */
  readonly budgetMs?: number;
}

/**
 * Tries the catalogue on a layer with own error.
 * @returns causes that reproduce the device's values, best first; [] means unexplained
 */
export function explain(_evidence: LayerEvidence, _options: ExplainOptions = {}): readonly Explanation[] {
  return [];
}
