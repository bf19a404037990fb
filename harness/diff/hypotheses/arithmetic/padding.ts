import type { Cause } from '../causes.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { codesOf, withZeroPoint } from './what-if/codes.ts';
import { whatIfHypothesis } from './what-if/layer.ts';
import type { CutLayer, WhatIf } from './what-if/layer.ts';

/** PAD and PADV2 of int8 whose border is another code. */
function filled({ operators, outputs }: CutLayer, codes: readonly number[]): WhatIf[] {
  const constants = operators.filter(({ name }) => name === 'PADV2').map(({ inputs }) => inputs[2]);
  const isPad = operators.some(({ name }) => name === 'PAD');
  if ((!isPad && constants.length === 0) || outputs.some(({ dtype }) => dtype !== 'int8')) return [];
  const isOwn = (code: number): boolean => isPad && outputs.some((tensor) => codesOf(tensor)?.zeroPoint === code);
  return codes.filter((code) => !isOwn(code)).map((code) => ({
    text: `the padding is filled with the code ${code}`, alternatives: codes.length,
    // PAD takes the zero point of its output, PADV2 a constant.
    tensor: (tensor) => (constants.includes(tensor.index) && tensor.data !== null ? { ...tensor, data: Uint8Array.of(code & 0xff) } : isPad ? withZeroPoint(tensor, code) : tensor),
  }));
}

const hypothesis = (cause: Cause, codes: readonly number[]): Hypothesis => whatIfHypothesis(cause, (layer) => filled(layer, codes));

export const padding: readonly Hypothesis[] = [hypothesis('padding.zero', [0]), hypothesis('padding.value', [-128, 127, -1, 1])];
