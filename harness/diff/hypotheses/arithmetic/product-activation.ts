import type { Hypothesis } from '../hypothesis.ts';
import { otherBounds, wrapTo } from './activations.ts';
import { between } from './product/product.ts';
import type { Product } from './product/product.ts';
import { productHypothesis } from './product/variant.ts';
import type { Variant } from './product/variant.ts';

const bounds = (cause: 'activation.missing' | 'activation.bounds') => ({ facts, finish }: Product): Variant[] => {
  const all = otherBounds({ activation: facts.activation, scale: facts.outputScale, zeroPoint: finish.zeroPoint, type: facts.type });
  return all.filter((entry) => entry.cause === cause).map(({ text, least, greatest }, _, { length }) => ({ text, alternatives: length, finish: { limit: between(least, greatest) } }));
};

/** Nothing limits the result to its type: it wraps around. Bounds of the activation may come after. */
const wrapped = ({ facts }: Product): Variant[] => {
  const wrap = wrapTo(facts.type);
  const limit = between(facts.least, facts.greatest);
  return [
    { text: 'the result is not limited: it wraps around', alternatives: 2, finish: { limit: wrap } },
    { text: 'the result wraps around before it is limited', alternatives: 2, finish: { limit: (value) => limit(wrap(value)) } },
  ];
};

export const productActivation: readonly Hypothesis[] = [
  productHypothesis('activation.missing', bounds('activation.missing')),
  productHypothesis('activation.bounds', bounds('activation.bounds')),
  productHypothesis('output.wrapped', wrapped),
];
