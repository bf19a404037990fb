import type { Hypothesis } from '../hypothesis.ts';
import { factorsOf, roundWith } from './product/read.ts';
import { productHypothesis } from './product/variant.ts';

/** Other ways to requantise in float32 are tried too. */
const ALTERNATIVES = 4;

/** XNNPACK differs in two things at once: its factors are quotients of float32, and so is the product with the sum. */
export const productXnnpack: Hypothesis = productHypothesis('rounding.float32', ({ facts, finish }) => (facts.isWide ? [] : [{
  text: 'requantises as XNNPACK does: scales and product in float32, ties to even', alternatives: ALTERNATIVES,
  finish: { factors: factorsOf(facts, finish.factors.length, 'float32'), round: roundWith('xnn-fp32', false) },
}]));
