import type { Hypothesis } from '../hypothesis.ts';
import { between } from './product/product.ts';
import type { Product } from './product/product.ts';
import { productHypothesis } from './product/variant.ts';
import type { Variant } from './product/variant.ts';

/**
 * The input's zero point subtracted as something else. Kernels that fold it into the bias fill the padding with it, so that what lies
 * outside then counts; others skip the padding.
 */
const inputAs = (changed: number, text: string) => ({ sums }: Product): Variant[] => {
  const zeroPoint = sums.inputZeroPoint;
  if (zeroPoint === 0) return [];
  return [null, zeroPoint, 0].map((padding) => ({ text, alternatives: 3, sums: { inputZeroPoint: changed * zeroPoint, padding } }));
};

const weightsAs = (changed: number, text: string) => ({ sums }: Product): Variant[] =>
  (sums.weightsZeroPoint === 0 ? [] : [{ text, alternatives: 1, sums: { weightsZeroPoint: changed * sums.weightsZeroPoint } }]);

/** Bounds of the activation are made of the zero point too: they may be right or move along. */
const outputAs = (changed: number, text: string) => ({ finish, facts }: Product): Variant[] => {
  const { zeroPoint } = finish;
  if (zeroPoint === 0) return [];
  const moved = (bound: number, end: number): number => (bound === end ? end : Math.max(facts.type[0], Math.min(facts.type[1], bound + (changed - 1) * zeroPoint)));
  const [least, greatest] = [moved(facts.least, facts.type[0]), moved(facts.greatest, facts.type[1])];
  return [
    { text, alternatives: 2, finish: { zeroPoint: changed * zeroPoint } },
    { text: `${text}, in the bounds of the activation too`, alternatives: 2, finish: { zeroPoint: changed * zeroPoint, limit: between(least, greatest) } },
  ];
};

export const productZeroPoints: readonly Hypothesis[] = [
  productHypothesis('zero-point.input', inputAs(0, 'the zero point of the input was ignored')),
  productHypothesis('zero-point.input-sign', inputAs(-1, 'the zero point of the input was added instead of subtracted')),
  productHypothesis('zero-point.doubled', inputAs(2, 'the zero point of the input was subtracted twice')),
  productHypothesis('zero-point.weights', weightsAs(0, 'the zero point of the weights was ignored')),
  productHypothesis('zero-point.weights', weightsAs(-1, 'the zero point of the weights was added instead of subtracted')),
  productHypothesis('zero-point.output', outputAs(0, 'the zero point of the output was not added')),
  productHypothesis('zero-point.output-sign', outputAs(-1, 'the zero point of the output was subtracted instead of added')),
  productHypothesis('zero-point.doubled', outputAs(2, 'the zero point of the output was added twice')),
];
