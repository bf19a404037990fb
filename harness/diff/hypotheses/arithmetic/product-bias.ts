import type { Hypothesis } from '../hypothesis.ts';
import { moved } from './product/channels.ts';
import { foldedBias } from './product/folded.ts';
import { productHypothesis } from './product/variant.ts';

const missing = productHypothesis('bias.missing', ({ finish: { bias } }) => (bias === null ? [] : [{ text: 'the bias was left out', alternatives: 1, finish: { bias: null } }]));

const doubled = productHypothesis('bias.doubled', ({ finish: { bias } }) =>
  (bias === null ? [] : [{ text: 'the bias was added twice', alternatives: 1, finish: { bias: bias.map((value) => 2 * value) } }]));

const negated = productHypothesis('bias.negated', ({ finish: { bias } }) =>
  (bias === null ? [] : [{ text: 'the bias was subtracted instead of added', alternatives: 1, finish: { bias: bias.map((value) => -value) } }]));

const narrow = productHypothesis('bias.narrow', ({ finish: { bias } }) => (bias === null ? [] : [
  { text: 'the bias was read as 16 bits', alternatives: 2, finish: { bias: bias.map((value) => (value << 16) >> 16) } },
  { text: 'the bias was limited to 16 bits', alternatives: 2, finish: { bias: bias.map((value) => Math.max(-32768, Math.min(32767, value))) } },
]));

const shifted = productHypothesis('bias.shifted', (product) => {
  const { bias } = product.finish;
  const folded = product.sums.output.depth < 2 ? null : foldedBias(product);
  const plain = bias === null || bias.length < 2 ? [] : waysOf([...bias]).map(({ text, values }) => ({ text, bias: Float64Array.from(values) }));
  const start = folded === null ? [] : waysOf(folded.start).map(({ text, values }) => ({ text: `${text}, with the zero point of the input folded in`, bias: folded.biasOf(values) }));
  const ways = [...plain, ...start];
  return ways.map(({ text, bias: changed }) => ({ text, alternatives: ways.length, finish: { bias: changed } }));
});

function waysOf(values: readonly number[]): { readonly text: string; readonly values: readonly number[] }[] {
  return [
    ...moved(values, 'bias'),
    { text: 'all channels have the bias of the first', values: values.map(() => values[0] as number) },
    { text: 'each channel has the bias of the channel before it, the first none', values: values.map((_, channel) => values[channel - 1] ?? 0) },
    { text: 'each channel has the bias of the channel after it, the last none', values: values.map((_, channel) => values[channel + 1] ?? 0) },
  ];
}

export const productBias: readonly Hypothesis[] = [missing, doubled, shifted, negated, narrow];
