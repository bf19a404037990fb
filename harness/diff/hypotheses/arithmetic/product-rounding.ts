import type { Hypothesis } from '../hypothesis.ts';
import { roundWith } from './product/read.ts';
import { productHypothesis } from './product/variant.ts';
import type { Variant } from './product/variant.ts';
import { detailsOf, NARROW_ONLY, ROUNDINGS } from './roundings.ts';
import type { RoundingCause } from './roundings.ts';

/** Another rounding of the sums. */
const byFormula = ({ cause, text, formula }: RoundingCause): Hypothesis => productHypothesis(cause, ({ facts }) =>
  (facts.isWide && NARROW_ONLY.has(formula) ? [] : [{ text, alternatives: detailsOf(cause), finish: { round: roundWith(formula, false) } }]));

/** The factor itself instead of its fixed-point form. */
const byFactor = (name: 'float-round' | 'xnn-fp32', text: string): Hypothesis =>
  productHypothesis(name === 'float-round' ? 'rounding.float64' : 'rounding.float32', () => [{ text, alternatives: 1, finish: { round: roundWith(name, false) } }]);

/** Sums of int16 layers that are requantised as those of int8 layers are, with the whole multiplier. */
const wideAsNarrow: Hypothesis = productHypothesis('rounding.double', ({ facts }): Variant[] =>
  (facts.isWide ? [{ text: 'requantises the sum as an int32 with a multiplier of 32 bits', alternatives: 1, finish: { narrow: (sum) => sum | 0, round: roundWith('double', false) } }] : []));

export const productRounding: readonly Hypothesis[] = [
  ...ROUNDINGS.map(byFormula), wideAsNarrow,
  byFactor('float-round', 'requantises in float64 with ties away from zero'),
  byFactor('xnn-fp32', 'requantises in float32 with ties to even'),
];
