import { productMultiplier } from '../../numerics/index.ts';
import type { Graph, Operator, Tensor } from '../../model/graph.ts';
import type { PlanContext } from '../context.ts';
import { inputTensor, int8Activation, need, optionalInput, outputTensor, perTensor } from '../operators/refusal.ts';
import { asInt32, asInt8, foldBias, requant } from '../quantised.ts';
import type { Factor } from './products.ts';

/** One matrix of a gate: to Q3.12 by `factor`. */
export interface LstmProduct {
  readonly filter: Tensor;
  /** [units, columns] */
  readonly weights: Int8Array;
  readonly columns: number;
  /** [units], the zero point of what is multiplied folded in. */
  readonly bias: readonly number[];
  readonly factor: Factor;
}

export interface LstmGate {
  /** As nn_lstm names it: 'forget_gate', 'input_gate', 'cell_gate', 'output_gate'. */
  readonly name: string;
  readonly input: LstmProduct;
  readonly recurrent: LstmProduct;
}

/** UNIDIRECTIONAL_SEQUENCE_LSTM, int8 with int16 gates and cell (8x8_16). */
export interface LstmLayer extends LstmFrame {
  /** Forget, input, cell, output. */
  readonly gates: readonly LstmGate[];
}

/** All but the gates: the same for every type of activations. */
export interface LstmFrame {
  readonly operator: Operator;
  readonly input: Tensor;
  readonly output: Tensor;
  readonly hidden: Tensor;
  readonly cell: Tensor;
  readonly batches: number;
  readonly steps: number;
  readonly inputs: number;
  readonly units: number;
  readonly timeMajor: boolean;
  readonly inputQuantisation: Activation;
  readonly hiddenQuantisation: Activation;
  readonly forgetTimesCell: Factor;
  readonly inputTimesCell: Factor;
  readonly outputTimesTanh: Factor;
  readonly hiddenZeroPoint: number;
  /** Clip of the cell, null for none. */
  readonly cellClip: number | null;
  /** From the cell to the argument of tanh in units of 2^-12 / 3: times the multiplier, then a rounding shift to the right. */
  readonly tanh: { readonly multiplier: number; readonly shift: number };
}

/** Input slots of the schema, per gate. */
export const LSTM_GATES = [
  { name: 'forget_gate', input: 2, recurrent: 6, bias: 13 },
  { name: 'input_gate', input: 1, recurrent: 5, bias: 12 },
  { name: 'cell_gate', input: 3, recurrent: 7, bias: 14 },
  { name: 'output_gate', input: 4, recurrent: 8, bias: 15 },
] as const;
const HIDDEN = 18;
const CELL = 19;
/** Peephole weights, projection, layer normalisation: not part of the 8x8_16 form that TensorFlow Lite Micro runs. */
const UNSUPPORTED_SLOTS = [9, 10, 11, 16, 17, 20, 21, 22, 23];
/** Gates are computed in Q3.12, their results in Q0.15. */
export const LSTM_GATE_SCALE = 2 ** -12;
const ACTIVATED_SCALE = 2 ** -15;
const TANH = 4;

/** Throws Refusal where it is no LSTM of this form. */
export function readLstm(operator: Operator, context: PlanContext): LstmLayer {
  const { graph } = context;
  const frame = readLstmFrame(operator, context, 'int8');
  const { units, inputs, inputQuantisation: x, hiddenQuantisation: h } = frame;
  const { scales: arithmetic } = context.rounding(operator);
  const product = (slot: number, columns: number, bias: Int32Array | null, from: Activation, what: string): LstmProduct => {
    const { tensor, data, scale } = lstmWeights(graph, operator, slot, units * columns);
    const weights = asInt8(data);
    const factor = requant(productMultiplier(from.scale, scale, LSTM_GATE_SCALE, arithmetic), what);
    return { filter: tensor, weights, columns, bias: foldBias(weights, units, columns, bias, from.zeroPoint), factor };
  };
  return {
    ...frame,
    gates: LSTM_GATES.map((gate) => ({
      name: gate.name,
      input: product(gate.input, inputs, asInt32(constantOf(graph, operator, gate.bias, 'int32', units).data), x, 'the input factor'),
      recurrent: product(gate.recurrent, units, null, h, 'the recurrent factor'),
    })),
  };
}

/** Throws Refusal where it is no LSTM of the form that TensorFlow Lite Micro runs, with activations of this type. */
export function readLstmFrame(operator: Operator, { graph }: PlanContext, dtype: 'int8' | 'int16'): LstmFrame {
  const input = inputTensor(graph, operator, 0);
  const output = outputTensor(graph, operator);
  const hidden = inputTensor(graph, operator, HIDDEN);
  const cell = inputTensor(graph, operator, CELL);
  const activation = (tensor: Tensor, what: string): Activation => {
    if (dtype === 'int8') return int8Activation(tensor, what);
    const q = perTensor(tensor, what);
    need(tensor.dtype === dtype && q.zeroPoint === 0, `${what} (tensor ${tensor.index}) is not ${dtype} with zero point 0`);
    return q;
  };
  const x = activation(input, 'input');
  const h = activation(hidden, 'hidden state');
  activation(output, 'output');
  need(cell.dtype === 'int16', `the cell state is ${cell.dtype}; only int16 is supported`);
  need(hidden.index !== cell.index && hidden.isVariable && cell.isVariable, 'hidden and cell state must be two variable tensors');
  const { scale: cellScale } = perTensor(cell, 'cell state');
  for (const slot of UNSUPPORTED_SLOTS) need(optionalInput(graph, operator, slot) === null, `input ${slot} (peephole, projection or normalisation) is set`);
  need(Number(operator.options['fused_activation_function'] ?? 0) === TANH, 'the activation of the cell gate must be TANH');
  const clip = Math.fround(Number(operator.options['cell_clip'] ?? 0));
  return {
    operator, input, output, hidden, cell, ...shapeOf(operator, input, output, hidden, cell),
    inputQuantisation: x, hiddenQuantisation: h,
    forgetTimesCell: requant((ACTIVATED_SCALE * cellScale) / cellScale, 'forget times cell'),
    inputTimesCell: requant((ACTIVATED_SCALE * ACTIVATED_SCALE) / cellScale, 'input times cell gate'),
    outputTimesTanh: requant((ACTIVATED_SCALE * ACTIVATED_SCALE) / h.scale, 'output gate times cell'),
    hiddenZeroPoint: h.zeroPoint,
    cellClip: clip > 0 ? Math.trunc(Math.min(Math.fround(clip / cellScale), 32767)) : null,
    tanh: tanhArgument(cellScale),
  };
}

/** int8 weights of zero point 0. Throws Refusal. */
export function lstmWeights(graph: Graph, operator: Operator, slot: number, elements: number): { readonly tensor: Tensor; readonly data: Uint8Array; readonly scale: number } {
  const { tensor, data } = constantOf(graph, operator, slot, 'int8', elements);
  const q = perTensor(tensor, 'weights');
  need(q.zeroPoint === 0, 'weights with a zero point are not supported');
  return { tensor, data, scale: q.scale };
}

interface Activation { readonly scale: number; readonly zeroPoint: number }
type Shape = Pick<LstmFrame, 'batches' | 'steps' | 'inputs' | 'units' | 'timeMajor'>;

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

/** Throws Refusal where the input is no constant of this type and size. */
export function constantOf(graph: Graph, operator: Operator, slot: number, dtype: 'int8' | 'int32' | 'int64', elements: number): { tensor: Tensor; data: Uint8Array } {
  const tensor = inputTensor(graph, operator, slot);
  need(tensor.dtype === dtype, `input ${slot} is ${tensor.dtype}; only ${dtype} is supported`);
  need(tensor.data !== null, `input ${slot} is not constant`);
  need(tensor.elements === elements, `input ${slot} has the wrong size`);
  return { tensor, data: tensor.data };
}

/** The factor from a cell value to the argument of tanh. The cell scale must be a power of two. */
function tanhArgument(cellScale: number): { multiplier: number; shift: number } {
  const power = Math.log2(cellScale);
  need(Number.isInteger(power), 'the scale of the cell state must be a power of two');
  const left = power + 12;
  need(left >= -15 && left <= 13, 'the scale of the cell state is out of range');
  return left >= 0 ? { multiplier: 3 * 2 ** left, shift: 0 } : { multiplier: 3, shift: -left };
}
