import type { Hypothesis } from '../hypothesis.ts';
import { moved } from './product/channels.ts';
import type { Factor, Product } from './product/product.ts';
import { factorsOf } from './product/read.ts';
import { productHypothesis } from './product/variant.ts';

const arithmetic = (cause: 'scales.float32-product' | 'scales.float32', text: string): Hypothesis => productHypothesis(cause, ({ facts, finish }) => {
  const scales = cause === 'scales.float32' ? 'float32' : 'float32-product';
  return [{ text, alternatives: 1, finish: { factors: factorsOf(facts, finish.factors.length, scales) } }];
});

const isPerChannel = ({ facts, finish }: Product): boolean => facts.weightScales.length > 1 && finish.factors.length > 1;

const perTensor = productHypothesis('scales.per-tensor', (product) => {
  if (!isPerChannel(product)) return [];
  const { factors } = product.finish;
  const all = (factor: Factor): Factor[] => factors.map(() => factor);
  const sorted = factors.toSorted((a, b) => a.real - b.real);
  const first = factors[0] as Factor;
  const choices: readonly (readonly [string, Factor[]])[] = [
    ['the scale of the first channel is used for all', all(first)],
    ['the scale of the last channel is used for all', all(factors.at(-1) as Factor)],
    ['the greatest scale is used for all channels', all(sorted.at(-1) as Factor)],
    ['the least scale is used for all channels', all(sorted[0] as Factor)],
    ['the shift of the first channel is used for all', factors.map((factor) => ({ ...factor, shift: first.shift, real: factor.real * 2 ** (first.shift - factor.shift) }))],
    ['the multiplier of the first channel is used for all', factors.map((factor) => ({ ...factor, multiplier: first.multiplier, real: first.multiplier * 2 ** (factor.shift - 31) }))],
  ];
  return choices.map(([text, changed]) => ({ text, alternatives: choices.length, finish: { factors: changed } }));
});

const shifted = productHypothesis('scales.shifted', (product) => (isPerChannel(product) ? moved(product.finish.factors, 'scale') : [])
  .map(({ text, values, alternatives }) => ({ text, alternatives, finish: { factors: values } })));

export const productScales: readonly Hypothesis[] = [
  perTensor, shifted,
  arithmetic('scales.float32-product', 'the product of the scales of input and weights is rounded to float32'),
  arithmetic('scales.float32', 'product and quotient of the scales are rounded to float32'),
];
