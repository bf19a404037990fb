import type { Operand, OperatorContext, QuantisedOperand } from '../../../context.ts';

/**
 * Positions of the inputs. (TFLM micro/kernels/lstm_shared.h) Gates in the order input, forget, cell, output.
 * What is in none of these must be omitted: peephole (9-11), projection (16, 17), layer normalisation (20-23).
 */
const INPUT_WEIGHTS = 1;
const RECURRENT_WEIGHTS = 5;
const BIASES = 12;
const HIDDEN_STATE = 18;
const CELL_STATE = 19;
const ABSENT: readonly (readonly [string, readonly number[]])[] = [
  ['peephole connections', [9, 10, 11]], ['a projection', [16, 17]], ['layer normalisation', [20, 21, 22, 23]],
];

export interface Sizes {
  readonly batches: number;
  readonly steps: number;
  /** Codes of one input vector. */
  readonly depth: number;
  readonly units: number;
  readonly timeMajor: boolean;
}

/** 8x8_16, or with int16 activations and int64 biases 16x8_16. */
export interface LstmOperands<Codes extends Int8Array | Int16Array = Int8Array, Bias = Int32Array> {
  readonly sizes: Sizes;
  /** [batches, steps, depth], or [steps, batches, depth] where time-major. */
  readonly input: QuantisedOperand<Codes>;
  /** As the input, with units for depth. */
  readonly output: QuantisedOperand<Codes>;
  /** [batches, units] */
  readonly hidden: QuantisedOperand<Codes>;
  /** [batches, units] */
  readonly cell: QuantisedOperand<Int16Array>;
  /** Four each: [units, depth], [units, units], [units]. */
  readonly inputWeights: readonly QuantisedOperand<Int8Array>[];
  readonly recurrentWeights: readonly QuantisedOperand<Int8Array>[];
  readonly biases: readonly Bias[];
}

/**
 * The operands of an 8x8_16 LSTM in the one form that TFLM runs.
 * (micro/kernels/lstm_eval_common.cc: ValidateTensorSize; lstm_eval.cc: ValidateTensorStatus)
 * @throws HilError 'config' reference.unsupported for every other form
 */
export const readOperands = (context: OperatorContext): LstmOperands =>
  read(context, (operand, role) => context.quantised(operand, 'int8', role), (data) => (data instanceof Int32Array ? data : context.refuse('the biases are not int32')));

/** As readOperands for 16x8_16. */
export const readWideOperands = (context: OperatorContext): LstmOperands<Int16Array, BigInt64Array> =>
  read(context, (operand, role) => context.quantised(operand, 'int16', role), (data) => (data instanceof BigInt64Array ? data : context.refuse('the biases are not int64')));

function read<Codes extends Int8Array | Int16Array, Bias extends { readonly length: number }>(
  context: OperatorContext, activation: (operand: Operand, role: string) => QuantisedOperand<Codes>, biasOf: (data: Operand['data']) => Bias,
): LstmOperands<Codes, Bias> {
  const { operator } = context;
  context.require(operator.inputs.length === 24, `${operator.inputs.length} inputs, not 24`);
  for (const [what, positions] of ABSENT) context.require(positions.every((at) => context.optionalInput(at) === null), `with ${what}`);
  const input = activation(context.input(0, 'input'), 'input');
  const output = activation(context.output(), 'output');
  const hidden = activation(state(context, HIDDEN_STATE, 'hidden state'), 'hidden state');
  const cell = context.quantised(state(context, CELL_STATE, 'cell state'), 'int16', 'cell state');
  context.require(cell.zeroPoint === 0, `cell state with zero point ${cell.zeroPoint}`);
  const sizes = readSizes(context, input.tensor.shape, hidden.tensor.shape);
  const { batches, steps, depth, units } = sizes;
  const shape = input.tensor.shape.with(2, units).join();
  context.require(output.tensor.shape.join() === shape, `output [${output.tensor.shape.join()}], not [${shape}]`);
  for (const operand of [hidden, cell]) context.require(operand.data.length === batches * units, `state of ${operand.data.length} elements, not ${batches} x ${units}`);
  context.require(steps > 0 && batches > 0 && depth > 0 && units > 0, `input [${input.tensor.shape.join()}] is empty`);
  const gates = [0, 1, 2, 3];
  return {
    sizes, input, output, hidden, cell,
    inputWeights: gates.map((gate) => weights(context, INPUT_WEIGHTS + gate, units, depth)),
    recurrentWeights: gates.map((gate) => weights(context, RECURRENT_WEIGHTS + gate, units, units)),
    biases: gates.map((gate) => bias(context, BIASES + gate, units, biasOf)),
  };
}

function readSizes(context: OperatorContext, input: readonly number[], hidden: readonly number[]): Sizes {
  context.require(input.length === 3, `input [${input.join()}], not three axes`);
  context.require(hidden.length === 2, `hidden state [${hidden.join()}], not two axes`);
  const timeMajor = context.operator.options.time_major === true;
  const [first, second, depth] = input as [number, number, number];
  return { timeMajor, batches: timeMajor ? second : first, steps: timeMajor ? first : second, depth, units: hidden[1] as number };
}

function state(context: OperatorContext, position: number, role: string): Operand {
  const operand = context.input(position, role);
  context.require(operand.tensor.isVariable, `${role} is no variable tensor`);
  return operand;
}

function weights(context: OperatorContext, position: number, rows: number, depth: number): QuantisedOperand<Int8Array> {
  const role = `input ${position} (weights)`;
  const operand = context.quantised(context.input(position, 'weights'), 'int8', role);
  context.require(operand.tensor.data !== null, `${role} is no constant`);
  context.require(operand.zeroPoint === 0, `${role} has zero point ${operand.zeroPoint}`);
  context.require(operand.tensor.shape.join() === `${rows},${depth}`, `${role} is [${operand.tensor.shape.join()}], not [${rows},${depth}]`);
  return operand;
}

function bias<Bias extends { readonly length: number }>(context: OperatorContext, position: number, units: number, biasOf: (data: Operand['data']) => Bias): Bias {
  const { tensor, data } = context.input(position, 'bias');
  const values = biasOf(data);
  context.require(tensor.data !== null, `input ${position} (bias) is no constant`);
  context.require(values.length === units, `input ${position} (bias) has ${values.length} elements, not ${units}`);
  return values;
}
