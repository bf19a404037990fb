import type { EmitContext, LayerCode, OperatorGenerator } from '../../context.ts';
import type { Graph, Operator, Tensor } from '../../../model/graph.ts';
import { SIGMOID_TABLE, productMultiplier } from '../../../numerics/index.ts';
import { asInt32, asInt8, foldBias, int32Items, int8Items, requantText } from '../../quantised.ts';
import { describe, inputTensor, int8Activation, need, optionalInput, outputTensor, perTensor } from '../refusal.ts';

/** UNIDIRECTIONAL_SEQUENCE_LSTM, int8 with int16 gates and cell; rules in firmware/kernels/nn_lstm.h. */
export const unidirectionalSequenceLstm: OperatorGenerator = {
  op: 'UNIDIRECTIONAL_SEQUENCE_LSTM',
  supports: 'int8 activations and weights, int16 gates and cell (8x8_16)',
  types: ['int8'],
  plan: (operator) => ({ scratchBytes: 0, emit: (context) => emit(operator, context) }),
};

/** Input slots of the schema, per gate, in the order that nn_lstm names them. */
const GATES = [
  { field: 'forget_gate', input: 2, recurrent: 6, bias: 13 },
  { field: 'input_gate', input: 1, recurrent: 5, bias: 12 },
  { field: 'cell_gate', input: 3, recurrent: 7, bias: 14 },
  { field: 'output_gate', input: 4, recurrent: 8, bias: 15 },
] as const;
const HIDDEN = 18;
const CELL = 19;
/** Peephole weights, projection, layer normalisation: not part of the 8x8_16 form that TensorFlow Lite Micro runs. */
const UNSUPPORTED_SLOTS = [9, 10, 11, 16, 17, 20, 21, 22, 23];
/** Gates are computed in Q3.12, their results in Q0.15. */
const GATE_SCALE = 2 ** -12;
const ACTIVATED_SCALE = 2 ** -15;
const TANH = 4;

interface Shape { readonly batches: number; readonly steps: number; readonly inputs: number; readonly units: number; readonly timeMajor: boolean }

function emit(operator: Operator, context: EmitContext): LayerCode {
  const { graph, constants } = context;
  const input = inputTensor(graph, operator, 0);
  const output = outputTensor(graph, operator);
  const hidden = inputTensor(graph, operator, HIDDEN);
  const cell = inputTensor(graph, operator, CELL);
  const x = int8Activation(input, 'input');
  const h = int8Activation(hidden, 'hidden state');
  int8Activation(output, 'output');
  need(cell.dtype === 'int16', `the cell state is ${cell.dtype}; only int16 is supported`);
  need(hidden.index !== cell.index && hidden.isVariable && cell.isVariable, 'hidden and cell state must be two variable tensors');
  const { scale: cellScale } = perTensor(cell, 'cell state');
  for (const slot of UNSUPPORTED_SLOTS) need(optionalInput(graph, operator, slot) === null, `input ${slot} (peephole, projection or normalisation) is set`);
  need(Number(operator.options['fused_activation_function'] ?? 0) === TANH, 'the activation of the cell gate must be TANH');
  const shape = shapeOf(operator, input, output, hidden, cell);
  const clip = Math.fround(Number(operator.options['cell_clip'] ?? 0));
  const cellClip = clip > 0 ? Math.trunc(Math.min(Math.fround(clip / cellScale), 32767)) : null;
  const tanh = tanhArgument(cellScale);

  const table = constants.add('sigmoid', 'uint16_t', 'about 65536 * sigmoid(i / 24)', Array.from(SIGMOID_TABLE, String));
  const gates = GATES.flatMap((gate) => gateCode(gate, operator, context, shape, x, h));
  return {
    comment: [
      describe('input', input),
      describe('hidden', hidden),
      describe('cell', cell),
      describe('output', output),
      `  ${shape.steps} steps of ${shape.inputs} inputs, ${shape.units} units, batch ${shape.batches}; the state persists until reset`,
    ],
    body: [
      'static const nn_lstm layer = {',
      `  .batches = ${shape.batches}, .steps = ${shape.steps}, .inputs = ${shape.inputs}, .units = ${shape.units},`,
      `  .batch_stride = ${shape.timeMajor ? 1 : shape.steps}, .step_stride = ${shape.timeMajor ? shape.batches : 1},`,
      ...gates,
      `  .forget_times_cell = ${requantText((ACTIVATED_SCALE * cellScale) / cellScale, 'forget times cell')},`,
      `  .input_times_cell = ${requantText((ACTIVATED_SCALE * ACTIVATED_SCALE) / cellScale, 'input times cell gate')},`,
      `  .output_times_tanh = ${requantText((ACTIVATED_SCALE * ACTIVATED_SCALE) / h.scale, 'output gate times cell')},`,
      `  .hidden_zero_point = ${h.zeroPoint},`,
      `  .cell_low = ${cellClip === null ? 'INT16_MIN' : -cellClip}, .cell_high = ${cellClip ?? 'INT16_MAX'},`,
      `  .tanh_multiplier = ${tanh.multiplier}, .tanh_shift = ${tanh.shift},`,
      `  .sigmoid_table = ${table},`,
      '};',
      `nn_run_lstm(&layer, ${context.pointer(input)}, ${context.pointer(hidden)}, ${context.pointer(cell)}, ${context.pointer(output)});`,
    ],
    state: [hidden.index, cell.index],
    headers: ['nn_lstm.h'],
  };
}

function shapeOf(operator: Operator, input: Tensor, output: Tensor, hidden: Tensor, cell: Tensor): Shape {
  need(input.shape.length === 3 && output.shape.length === 3, 'input and output must have three dimensions');
  const timeMajor = Boolean(operator.options['time_major']);
  const [first = 0, second = 0, inputs = 0] = input.shape;
  const [batches, steps] = timeMajor ? [second, first] : [first, second];
  const units = output.shape[2] ?? 0;
  need(batches > 0 && steps > 0 && inputs > 0 && units > 0, 'a dimension is 0');
  need(output.shape[0] === first && output.shape[1] === second, 'input and output differ in steps or batch');
  need(hidden.elements === batches * units && cell.elements === batches * units, 'the state does not fit batch and units');
  return { batches, steps, inputs, units, timeMajor };
}

function constantOf(graph: Graph, operator: Operator, slot: number, dtype: 'int8' | 'int32', elements: number): { tensor: Tensor; data: Uint8Array } {
  const tensor = inputTensor(graph, operator, slot);
  need(tensor.dtype === dtype, `input ${slot} is ${tensor.dtype}; only ${dtype} is supported`);
  need(tensor.data !== null, `input ${slot} is not constant`);
  need(tensor.elements === elements, `input ${slot} has the wrong size`);
  return { tensor, data: tensor.data };
}

/** Initialiser lines of one nn_lstm_gate; adds its constants. */
function gateCode(gate: (typeof GATES)[number], operator: Operator, context: EmitContext, shape: Shape, x: { scale: number; zeroPoint: number }, h: { scale: number; zeroPoint: number }): string[] {
  const { graph, constants } = context;
  const { scales: arithmetic } = context.rounding(operator);
  const { inputs, units } = shape;
  const w = constantOf(graph, operator, gate.input, 'int8', units * inputs);
  const r = constantOf(graph, operator, gate.recurrent, 'int8', units * units);
  const bias = constantOf(graph, operator, gate.bias, 'int32', units);
  const scales = [w, r].map(({ tensor }) => {
    const q = perTensor(tensor, 'weights');
    need(q.zeroPoint === 0, 'weights with a zero point are not supported');
    return q.scale;
  });
  const [wScale = 0, rScale = 0] = scales;
  const wData = asInt8(w.data);
  const rData = asInt8(r.data);
  const what = `${gate.field.replace('_', ' ')} of layer ${operator.index}`;
  const name = `layer${operator.index}_${gate.field}`;
  const wName = constants.add(`t${w.tensor.index}`, 'int8_t', `input weights, ${what} [${units}, ${inputs}]`, int8Items(wData));
  const rName = constants.add(`t${r.tensor.index}`, 'int8_t', `recurrent weights, ${what} [${units}, ${units}]`, int8Items(rData));
  const wBias = constants.add(`${name}_input_bias`, 'int32_t', `bias, ${what}, input zero point folded in`, int32Items(foldBias(wData, units, inputs, asInt32(bias.data), x.zeroPoint)));
  const rBias = constants.add(`${name}_recurrent_bias`, 'int32_t', `hidden zero point folded, ${what}`, int32Items(foldBias(rData, units, units, null, h.zeroPoint)));
  return [
    `  .${gate.field} = {`,
    `    .input_weights = ${wName}, .recurrent_weights = ${rName},`,
    `    .input_bias = ${wBias}, .recurrent_bias = ${rBias},`,
    `    .input_requant = ${requantText(productMultiplier(x.scale, wScale, GATE_SCALE, arithmetic), 'the input factor')},`,
    `    .recurrent_requant = ${requantText(productMultiplier(h.scale, rScale, GATE_SCALE, arithmetic), 'the recurrent factor')},`,
    '  },',
  ];
}

/** The factor from a cell value to the argument of nn_tanh16, which is in units of 2^-12 / 3. The cell scale must be a power of two. */
function tanhArgument(cellScale: number): { multiplier: number; shift: number } {
  const power = Math.log2(cellScale);
  need(Number.isInteger(power), 'the scale of the cell state must be a power of two');
  const left = power + 12;
  need(left >= -15 && left <= 13, 'the scale of the cell state is out of range');
  return left >= 0 ? { multiplier: 3 * 2 ** left, shift: 0 } : { multiplier: 3, shift: -left };
}
