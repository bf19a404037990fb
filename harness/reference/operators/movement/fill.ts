import type { OperatorContext, OperatorReference } from '../../context.ts';
import { bitsOf, requireSameType, requireType, sameShape } from './walk.ts';

/** One value everywhere. (TFLM micro/kernels/fill.cc) */
export const fill: OperatorReference = {
  name: 'FILL',
  supports: 'float32, int8, int32; constant dimensions',
  prepare(context: OperatorContext) {
    const value = context.input(1, 'value');
    const output = context.output();
    requireType(context, value, ['float32', 'int8', 'int32'], 'value');
    requireSameType(context, value, output);
    context.require(value.tensor.shape.length === 0, 'the value is no scalar');
    context.require(sameShape(context.constantInts(0, 'dimensions'), output.tensor.shape), 'the dimensions are not those of the output');
    const from = bitsOf(value.data);
    const to = bitsOf(output.data);
    return () => void to.fill(from[0] as never);
  },
};

/** Codes 0 everywhere, whatever the zero point is. (TFLM micro/kernels/zeros_like.cc) */
export const zerosLike: OperatorReference = {
  name: 'ZEROS_LIKE',
  supports: 'float32, int8, int32, int64',
  prepare(context: OperatorContext) {
    const input = context.input(0, 'input');
    const output = context.output();
    requireType(context, input, ['float32', 'int8', 'int32', 'int64'], 'input');
    requireSameType(context, input, output);
    context.require(input.data.length === output.data.length, 'input and output differ in size');
    const bytes = new Uint8Array(output.data.buffer, output.data.byteOffset, output.data.byteLength);
    return () => void bytes.fill(0);
  },
};
