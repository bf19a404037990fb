import type { Tensor } from '../../../model/index.ts';
import type { Cause } from '../causes.ts';
import type { Hypothesis } from '../hypothesis.ts';
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

export const recurrentBias: readonly Hypothesis[] = [
  hypothesis('bias.missing', 'left out', () => 0),
  hypothesis('bias.doubled', 'added twice', (value) => 2 * value),
  hypothesis('bias.negated', 'subtracted instead of added', (value) => -value),
];
