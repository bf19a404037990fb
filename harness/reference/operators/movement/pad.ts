import type { OperatorContext, OperatorReference, Kernel } from '../../context.ts';
import { bitsOf, gatherByIndex, requireSameType, requireType, sameQuantisation } from './walk.ts';

const SUPPORTS = 'float32, int8, int16, int32; up to 5 dimensions, constant int32 paddings';

/**
 * The input with a border of constants: the third input, else the output's zero point for int8 and 0 for other types.
 * (TFLM micro/kernels/pad.cc, pad_common.cc, kernels/internal/reference/pad.h)
 */
export const pad: OperatorReference = { name: 'PAD', supports: SUPPORTS, prepare };

/** As PAD: TFLM has one kernel for both. */
export const padV2: OperatorReference = { name: 'PADV2', supports: SUPPORTS, prepare };

function prepare(context: OperatorContext): Kernel {
  const input = context.input(0, 'input');
  const output = context.output();
  const { shape } = input.tensor;
  requireType(context, input, ['float32', 'int8', 'int16', 'int32'], 'input');
  requireSameType(context, input, output);
  context.require(shape.length <= 5, `${shape.length} dimensions; TFLM has up to 5`);
  requireType(context, context.input(1, 'paddings'), ['int32'], 'paddings');
  const paddings = context.constantInts(1, 'paddings');
  context.require(paddings.length === 2 * shape.length && output.tensor.shape.length === shape.length, 'paddings are not two values a dimension');
  context.require(paddings.every((padding) => padding >= 0), 'a padding is negative');
  context.require(shape.every((size, axis) => size + (paddings[2 * axis] as number) + (paddings[2 * axis + 1] as number) === output.tensor.shape[axis]), 'input and paddings do not give the output');
  const source = (index: readonly number[]): number[] | null => {
    const inner = index.map((value, axis) => value - (paddings[2 * axis] as number));
    return inner.every((value, axis) => value >= 0 && value < (shape[axis] as number)) ? inner : null;
  };
  return gatherByIndex(context, input, output, source, valueOf(context));
}

/** Bit pattern of the border's elements, read when the operator runs: the third input may be computed. */
function valueOf(context: OperatorContext): () => number | bigint {
  const output = context.output();
  const value = context.operator.inputs.length > 2 ? context.input(2, 'value') : null;
  if (value === null) {
    const zeroPoint = output.tensor.dtype === 'int8' ? (output.tensor.quantisation?.zeroPoint[0] ?? 0) : 0;
    context.require(zeroPoint >= -128 && zeroPoint <= 127, 'the zero point is no int8 code');
    return () => zeroPoint;
  }
  requireSameType(context, value, output);
  context.require(value.data.length === 1, 'the value is no scalar');
  context.require(output.tensor.dtype !== 'int8' || sameQuantisation(value, output), 'value and output differ in scale or zero point');
  const bits = bitsOf(value.data);
  return () => bits[0] as number;
}
