import { activationRange, productMultiplier } from '../../../numerics/index.ts';
import type { OperatorContext, OperatorReference } from '../../context.ts';
import { foldStart, multiply } from '../../matrix-product.ts';

/**
 * y = clamp(requantise(sum (w - zw)(x - zx) + b) + zy), one multiplier for all rows or one a row.
 * (TFLM kernels/internal/reference/integer_ops/fully_connected.h, micro/kernels/fully_connected_common.cc)
 */
export const fullyConnected: OperatorReference = {
  name: 'FULLY_CONNECTED',
  supports: 'int8 input, constant int8 weights (one scale or one a channel), int32 bias or none, activation NONE, RELU, RELU6 or RELU_N1_TO_1',
  prepare(context: OperatorContext) {
    const { options } = context.operator;
    context.require(options.weights_format === 0, 'shuffled weights');
    const input = context.quantised(context.input(0, 'input'), 'int8', 'input');
    const output = context.quantised(context.output(), 'int8', 'output');
    const { weights, rows, depth, scales } = readWeights(context);
    context.require(output.tensor.shape.at(-1) === rows, `output [${output.tensor.shape.join(', ')}] does not end in ${rows} channels`);
    context.require(depth > 0 && input.tensor.elements % depth === 0, `input of ${input.tensor.elements} elements, rows of ${depth} weights`);
    const batches = input.tensor.elements / depth;
    context.require(output.tensor.elements === batches * rows, `output has ${output.tensor.elements} elements, not ${batches} x ${rows}`);
    const range = activationRange(options.fused_activation_function as number, output.scale, output.zeroPoint, -128, 127);
    context.require(range !== null, `fused activation ${String(options.fused_activation_function)}`);

    const arithmetic = scales.length > 1 ? context.rounding.channelScales : context.rounding.scales;
    const fixed = scales.map((scale) => context.fixedPoint(productMultiplier(input.scale, scale, output.scale, arithmetic), 'input * weights / output'));
    const ofRow = (row: number) => fixed[fixed.length > 1 ? row : 0] as (typeof fixed)[number];
    const product = {
      weights, rows, depth, ...range, requantise: context.requantise, outputZeroPoint: output.zeroPoint,
      start: foldStart(weights, rows, depth, input.zeroPoint, readBias(context, rows)),
      multipliers: Int32Array.from({ length: rows }, (_, row) => ofRow(row).multiplier),
      shifts: Int32Array.from({ length: rows }, (_, row) => ofRow(row).shift),
    };
    return () => {
      for (let batch = 0; batch < batches; batch++) multiply(product, input.data, batch * depth, output.data, batch * rows);
    };
  },
};

interface Weights {
  readonly weights: Int8Array | Int16Array;
  readonly rows: number;
  readonly depth: number;
  readonly scales: readonly number[];
}

function readWeights(context: OperatorContext): Weights {
  const { tensor, data } = context.input(1, 'weights');
  context.require(tensor.data !== null && data instanceof Int8Array, `weights are ${tensor.data === null ? 'no constant' : tensor.dtype}`);
  context.require(tensor.shape.length === 2, `weights have shape [${tensor.shape.join(', ')}]`);
  const [rows, depth] = tensor.shape as [number, number];
  const quantisation = tensor.quantisation ?? context.refuse('weights have no scale');
  context.require(quantisation.scale.length === 1 || quantisation.axis === 0, `weights are quantised along axis ${quantisation.axis}`);
  const zeroPoint = (row: number): number => quantisation.zeroPoint[quantisation.zeroPoint.length > 1 ? row : 0] as number;
  const isSymmetric = quantisation.zeroPoint.every((value) => value === 0);
  const weights = isSymmetric ? data : Int16Array.from(data, (code, i) => code - zeroPoint(Math.floor(i / depth)));
  return { weights, rows, depth, scales: quantisation.scale };
}

function readBias(context: OperatorContext, rows: number): Int32Array | null {
  const bias = context.optionalInput(2);
  if (bias === null) return null;
  context.require(bias.tensor.data !== null && bias.data instanceof Int32Array, `bias is ${bias.tensor.data === null ? 'no constant' : bias.tensor.dtype}`);
  context.require(bias.data.length === rows, `bias has ${bias.data.length} elements, not ${rows}`);
  return bias.data;
}
