import type { OperatorContext, OperatorReference } from '../../context.ts';
import { gatherByIndex, requireSameType, requireType, sameShape } from './walk.ts';

/** Axis i of the output is axis perm[i] of the input. (TFLM micro/kernels/transpose.cc, transpose_common.cc, kernels/internal/reference/transpose.h) */
export const transpose: OperatorReference = {
  name: 'TRANSPOSE',
  supports: 'float32, int8, int16; up to 5 dimensions, constant int32 permutation',
  prepare(context: OperatorContext) {
    const input = context.input(0, 'input');
    const output = context.output();
    const { shape } = input.tensor;
    requireType(context, input, ['float32', 'int8', 'int16'], 'input');
    requireSameType(context, input, output);
    requireType(context, context.input(1, 'permutation'), ['int32'], 'permutation');
    context.require(shape.length <= 5, `${shape.length} dimensions; TFLM has up to 5`);
    const permutation = context.constantInts(1, 'permutation');
    context.require(sameShape(permutation.toSorted((a, b) => a - b), shape.map((_, axis) => axis)), `[${permutation.join(', ')}] is no permutation of ${shape.length} axes`);
    context.require(sameShape(permutation.map((axis) => shape[axis] as number), output.tensor.shape), 'the output has another shape');
    return gatherByIndex(context, input, output, (index) => shape.map((_, axis) => index[permutation.indexOf(axis)] as number));
  },
};
