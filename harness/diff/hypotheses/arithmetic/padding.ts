import type { Hypothesis } from '../hypothesis.ts';
import { withZeroPoint } from './what-if/codes.ts';
import { whatIfHypothesis } from './what-if/layer.ts';

/** PAD and PADV2 whose border is the code 0. */
export const padding: readonly Hypothesis[] = [whatIfHypothesis('padding.zero', ({ operators }) => {
  const text = 'the padding is filled with the code 0';
  if (operators.some(({ name }) => name === 'PAD')) return [{ text, alternatives: 1, tensor: (tensor) => withZeroPoint(tensor, 0) }];
  const values = operators.filter(({ name }) => name === 'PADV2').map(({ inputs }) => inputs[2]);
  if (values.length === 0) return [];
  return [{ text, alternatives: 1, tensor: (tensor) => (values.includes(tensor.index) && tensor.data !== null ? { ...tensor, data: new Uint8Array(tensor.data.length) } : tensor) }];
})];
