import type { Tensor } from '../../../model/index.ts';
import type { Cause } from '../causes.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { moved } from './product/channels.ts';
import { whatIfHypothesis } from './what-if/layer.ts';
import type { CutLayer, WhatIf } from './what-if/layer.ts';

/** Positions of the biases of operators that are more than one product, and what each is for. (TFLM lstm_shared.h, svdf.h) */
const BIASES: Readonly<Record<string, readonly (readonly [position: number, name: string])[]>> = {
  UNIDIRECTIONAL_SEQUENCE_LSTM: [[12, 'input gate'], [13, 'forget gate'], [14, 'cell gate'], [15, 'output gate']],
  SVDF: [[3, 'units']],
};

/** Constant biases changed one by one, then all together. */
function changed({ operators, graph }: CutLayer, what: string, change: (value: number) => number): WhatIf[] {
  const found = operators.flatMap(({ name, inputs }) => (BIASES[name] ?? []).flatMap(([position, of]) => {
    const tensor = graph.tensors[inputs[position] ?? -1];
    return tensor?.data == null || tensor.dtype !== 'int32' ? [] : [{ index: tensor.index, of }];
  }));
  const groups = [...found.map(({ index, of }) => ({ indices: [index], text: `the bias of the ${of} was ${what}` })), ...(found.length > 1 ? [{ indices: found.map(({ index }) => index), text: `the biases of all gates were ${what}` }] : [])];
  return groups.map(({ indices, text }) => ({ text, alternatives: groups.length, tensor: (tensor) => (indices.includes(tensor.index) ? withValues(tensor, change) : tensor) }));
}

function withValues(tensor: Tensor, change: (value: number) => number): Tensor {
  const values = new Int32Array(Uint8Array.from(tensor.data as Uint8Array).buffer).map(change);
  return { ...tensor, data: new Uint8Array(values.buffer) };
}

const hypothesis = (cause: Cause, what: string, change: (value: number) => number): Hypothesis => whatIfHypothesis(cause, (layer) => changed(layer, what, change));

/** Gates: positions of the input weights, which are multiplied with input 0, and of the bias. (TFLM lstm_shared.h) */
const LSTM_GATES = [{ weights: 1, bias: 12 }, { weights: 2, bias: 13 }, { weights: 3, bias: 14 }, { weights: 4, bias: 15 }] as const;

/** The biases of one gate, then of all, went to other units: the model's own, or those with the zero point of the input folded in. */
function shiftedGates({ operators, graph }: CutLayer): WhatIf[] {
  const [operator] = operators;
  if (operators.length !== 1 || operator?.name !== 'UNIDIRECTIONAL_SEQUENCE_LSTM') return [];
  const tensorAt = (position: number): Tensor | undefined => graph.tensors[operator.inputs[position] ?? -1];
  const zeroPoint = tensorAt(0)?.quantisation?.zeroPoint[0] ?? 0;
  const gates = LSTM_GATES.flatMap((gate): { bias: Tensor; values: number[]; zero: number[] }[] => {
    const [weights, bias] = [tensorAt(gate.weights), tensorAt(gate.bias)];
    if (weights?.data == null || weights.dtype !== 'int8' || bias?.data == null || bias.dtype !== 'int32' || bias.elements < 2) return [];
    const columns = weights.elements / bias.elements;
    const codes = new Int8Array(Uint8Array.from(weights.data).buffer);
    const zero = Array.from({ length: bias.elements }, (_, unit) => zeroPoint * codes.subarray(unit * columns, (unit + 1) * columns).reduce((sum, code) => sum + code, 0));
    return [{ bias, values: [...new Int32Array(Uint8Array.from(bias.data).buffer)], zero }];
  });
  const names = BIASES.UNIDIRECTIONAL_SEQUENCE_LSTM ?? [];
  const groups = gates.length < LSTM_GATES.length ? [] : [...gates.map((gate, g) => ({ chosen: [gate], where: `of the ${names[g]?.[1] ?? ''}` })), { chosen: gates, where: 'of all gates' }];
  const found = groups.flatMap(({ chosen, where }) => [false, true].filter((isFolded) => !isFolded || zeroPoint !== 0).flatMap((isFolded) => {
    const ways = chosen.map(({ bias, values, zero }) => ({ bias, zero, ways: moved(isFolded ? values.map((value, unit) => value - (zero[unit] as number)) : values, 'bias') }));
    return (ways[0]?.ways ?? []).map(({ text }, way) => ({
      text: `${text}, in the biases ${where}${isFolded ? ' with the zero point of the input folded in' : ''}`,
      data: new Map(ways.map((one) => [one.bias.index, (one.ways[way]?.values ?? []).map((value, unit) => value + (isFolded ? (one.zero[unit] as number) : 0))])),
    }));
  }));
  return found.map(({ text, data }) => ({
    text, alternatives: found.length,
    tensor: (tensor) => {
      const values = data.get(tensor.index);
      return values === undefined ? tensor : { ...tensor, data: new Uint8Array(Int32Array.from(values).buffer) };
    },
  }));
}

export const recurrentBias: readonly Hypothesis[] = [
  hypothesis('bias.missing', 'left out', () => 0),
  hypothesis('bias.doubled', 'added twice', (value) => 2 * value),
  hypothesis('bias.negated', 'subtracted instead of added', (value) => -value),
  whatIfHypothesis('bias.shifted', shiftedGates),
];
