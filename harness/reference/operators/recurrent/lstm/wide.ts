import { productMultiplier, requantiseWide, sat16, sigmoid16Table, tanh16Table } from '../../../../numerics/index.ts';
import type { Kernel, OperatorContext, QuantisedOperand } from '../../../context.ts';
import { readWideOperands } from './operands.ts';
import { GATE_SCALE, prepareCell } from './parameters.ts';
import { activate, cellArithmetic, overSequence, prepareStep } from './step.ts';

/** Greatest magnitude of an accumulator for which the requantisation is defined. */
const ACCUMULATOR_LIMIT = 2 ** 47;

/** result[row] = sat16(requantised sum), from what is read from `at` on. */
type WideProduct = (at: number, result: Int16Array) => void;

/**
 * 16x8_16: as 8x8_16 with int16 activations of zero point 0, whose products are summed in 64 bits and requantised by 16-bit multipliers.
 * (TFLM micro/kernels/unidirectional_sequence_lstm.cc; kernels/internal/reference/integer_ops/fully_connected.h)
 */
export function prepareWide(context: OperatorContext): Kernel {
  const operands = readWideOperands(context);
  const { input, hidden, output, inputWeights, recurrentWeights, biases } = operands;
  for (const [what, { zeroPoint }] of [['input', input], ['hidden state', hidden], ['output', output]] as const) context.require(zeroPoint === 0, `${what} has zero point ${zeroPoint}`);
  const gate = (index: number): { readonly input: WideProduct; readonly recurrent: WideProduct } => ({
    input: wideProduct(context, input, inputWeights[index] as QuantisedOperand<Int8Array>, biases[index] as BigInt64Array),
    recurrent: wideProduct(context, hidden, recurrentWeights[index] as QuantisedOperand<Int8Array>, null),
  });
  const gates = { input: gate(0), forget: gate(1), cell: gate(2), output: gate(3) };
  const functions = { input: sigmoid16Table(), forget: sigmoid16Table(), cell: tanh16Table(-12), output: sigmoid16Table() };
  const scratch = new Int16Array(operands.sizes.units);
  return overSequence(operands, prepareStep(operands, cellArithmetic(context, prepareCell(context, operands)), (name, inputAt, stateAt, result) => {
    gates[name].input(inputAt, result);
    gates[name].recurrent(stateAt, scratch);
    activate(result, scratch, functions[name]);
  }, [-32768, 32767]));
}

function wideProduct(context: OperatorContext, source: QuantisedOperand<Int16Array>, weights: QuantisedOperand<Int8Array>, bias: BigInt64Array | null): WideProduct {
  const [rows, depth] = weights.tensor.shape as [number, number];
  const { multiplier, shift } = context.fixedPoint(productMultiplier(source.scale, weights.scale, GATE_SCALE, context.rounding.scales), 'input * weights / 2^-12');
  context.require(shift < 8, `input * weights / 2^-12 is beyond 2^7`);
  const start = Array.from({ length: rows }, (_, row) => Number(bias?.[row] ?? 0n));
  context.require(start.every((value) => Math.abs(value) + depth * 2 ** 22 < ACCUMULATOR_LIMIT), 'a sum can leave 48 bits');
  return (at, result) => {
    for (let row = 0; row < rows; row++) {
      let sum = start[row] as number;
      for (let i = 0; i < depth; i++) sum += (weights.data[row * depth + i] as number) * (source.data[at + i] as number);
      result[row] = sat16(requantiseWide(sum, multiplier, shift));
    }
  };
}
