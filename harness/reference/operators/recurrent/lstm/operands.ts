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

export interface LstmOperands {
  readonly sizes: Sizes;
  /** [batches, steps, depth], or [steps, batches, depth] where time-major. */
  readonly input: QuantisedOperand<Int8Array>;
  /** As the input, with units for depth. */
  readonly output: QuantisedOperand<Int8Array>;
  /** [batches, units] */
  readonly hidden: QuantisedOperand<Int8Array>;
  /** [batches, units] */
  readonly cell: QuantisedOperand<Int16Array>;
  /** Four each: [units, depth], [units, units], [units]. */
  readonly inputWeights: readonly QuantisedOperand<Int8Array>[];
  readonly recurrentWeights: readonly QuantisedOperand<Int8Array>[];
  readonly biases: readonly Int32Array[];
}

/**
 * The operands of an 8x8_16 LSTM in the one form that TFLM runs.
 * (micro/kernels/lstm_eval_common.cc: ValidateTensorSize; lstm_eval.cc: ValidateTensorStatus)
 * @throws HilError 'config' reference.unsupported for every other form
 */
export function readOperands(context: OperatorContext): LstmOperands {
  const { operator } = context;
  context.require(operator.inputs.length === 24, `${operator.inputs.length} inputs, not 24`);
  for (const [what, positions] of ABSENT) context.require(positions.every((at) => context.optionalInput(at) === null), `with ${what}`);
  const input = context.quantised(context.input(0, 'input'), 'int8', 'input');
  const output = context.quantised(context.output(), 'int8', 'output');
  const hidden = context.quantised(state(context, HIDDEN_STATE, 'hidden state'), 'int8', 'hidden state');
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
    biases: gates.map((gate) => bias(context, BIASES + gate, units)),
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

function bias(context: OperatorContext, position: number, units: number): Int32Array {
  const { tensor, data } = context.input(position, 'bias');
  context.require(tensor.data !== null && data instanceof Int32Array, `input ${position} (bias) is no int32 constant`);
  context.require(data.length === units, `input ${position} (bias) has ${data.length} elements, not ${units}`);
  return data;
}
