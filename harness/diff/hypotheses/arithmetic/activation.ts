import type { Operator } from '../../../model/index.ts';
import type { TensorData } from '../../../reference/index.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { otherBounds } from './activations.ts';
import { readProduct } from './product/read.ts';
import { codesOf } from './what-if/codes.ts';
import { whatIfHypothesis } from './what-if/layer.ts';
import type { CutLayer, WhatIf } from './what-if/layer.ts';

/** Operators that are an activation, as the fused activation that they are. */
const ALONE: Readonly<Record<string, number>> = { RELU: 1, RELU_N1_TO_1: 2, RELU6: 3 };

/** Other bounds of the layer's last operator. Its results have the type's bounds before that, which are wider. */
function variants({ operators, graph }: CutLayer, cause: 'activation.missing' | 'activation.bounds'): WhatIf[] {
  const last = operators.at(-1) as Operator;
  const output = graph.tensors[last.outputs[0] ?? -1];
  const codes = output === undefined ? null : codesOf(output);
  const activation = ALONE[last.name] ?? Number(last.options.fused_activation_function ?? Number.NaN);
  if (output === undefined || codes === null || !(activation >= 0 && activation <= 3)) return [];
  const bounds = otherBounds({ activation, ...codes }).filter((entry) => entry.cause === cause);
  return bounds.map(({ text, least, greatest }) => ({
    text, alternatives: bounds.length,
    operator: (operator) => (operator === last ? withoutActivation(operator) : operator),
    after: (tensor, data) => (tensor.index === output.index ? clamped(data, least, greatest) : data.slice()),
  }));
}

function withoutActivation(operator: Operator): Operator {
  if (ALONE[operator.name] !== undefined) return { ...operator, name: 'QUANTIZE', options: {} };
  return { ...operator, options: { ...operator.options, fused_activation_function: 0 } };
}

const clamped = (data: TensorData, least: number, greatest: number): TensorData => (data as Int8Array).map((value) => (value < least ? least : value > greatest ? greatest : value));

export const activation: readonly Hypothesis[] = (['activation.missing', 'activation.bounds'] as const).map((cause) =>
  whatIfHypothesis(cause, (layer, evidence) => (readProduct(evidence) === null ? variants(layer, cause) : [])));
