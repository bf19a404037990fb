import { arithmetic } from './arithmetic/index.ts';
import type { Hypothesis } from './hypothesis.ts';
import { memory } from './memory/index.ts';

/** The catalogue, in the order in which causes are tried. */
export const HYPOTHESES: readonly Hypothesis[] = [...arithmetic, ...memory];
