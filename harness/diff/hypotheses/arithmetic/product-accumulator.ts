import type { Hypothesis } from '../hypothesis.ts';
import { productHypothesis } from './product/variant.ts';
import type { Product } from './product/product.ts';
import type { Variant } from './product/variant.ts';

const saturate = (bits: number) => (sum: number): number => Math.max(-(2 ** (bits - 1)), Math.min(2 ** (bits - 1) - 1, sum));
const wrap = (bits: number) => (sum: number): number => sum - 2 ** bits * Math.floor(sum / 2 ** bits + 0.5);

const WIDTHS = (isWide: boolean): readonly number[] => (isWide ? [32, 16] : [16, 24]);

/** At the end with and without the bias; after every product, the bias first, last, or not narrowed. */
const saturated = ({ facts, finish }: Product): Variant[] => WIDTHS(facts.isWide).flatMap((bits) => {
  const narrow = saturate(bits);
  const text = `the accumulator saturates at ${bits} bits`;
  const { bias } = finish;
  const always = [
    { text, finish: { narrow } },
    { text: `${text} after each product`, sums: { narrow }, finish: { narrow } },
  ];
  const withBias = bias === null ? [] : [
    { text: `${text} before the bias is added`, finish: { beforeBias: narrow } },
    { text: `${text} after each product, then the bias is added`, sums: { narrow } },
    { text: `${text} after each product, the bias before all`, sums: { narrow, start: bias.map(narrow) }, finish: { bias: null } },
  ];
  return [...always, ...withBias].map((variant) => ({ ...variant, alternatives: 10 }));
});

const wrapped = ({ facts, finish }: Product): Variant[] => WIDTHS(facts.isWide).flatMap((bits) => {
  const narrow = wrap(bits);
  const text = `the accumulator wraps around at ${bits} bits`;
  return [
    { text, alternatives: 4, finish: { narrow } },
    ...(finish.bias === null ? [] : [{ text: `${text} before the bias is added`, alternatives: 4, finish: { beforeBias: narrow } }]),
  ];
});

export const productAccumulator: readonly Hypothesis[] = [
  productHypothesis('accumulator.saturated', saturated),
  productHypothesis('accumulator.wrapped', wrapped),
];
