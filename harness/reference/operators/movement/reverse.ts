import type { OperatorContext, OperatorReference } from '../../context.ts';
import { axisOf, gatherByIndex, requireSameType, requireType, sameShape } from './walk.ts';

/** Axes back to front; TFLM has neighbouring axes only. (TFLM micro/kernels/reverse.cc, kernels/internal/reference/reverse.h) */
export const reverseV2: OperatorReference = {
  name: 'REVERSE_V2',
  supports: 'float32, int8, uint8, int16, int32, int64, bool; up to 6 dimensions, constant axes next to each other',
  prepare(context: OperatorContext) {
    const input = context.input(0, 'input');
    const output = context.output();
    const { shape } = input.tensor;
    requireType(context, input, ['float32', 'int8', 'uint8', 'int16', 'int32', 'int64', 'bool'], 'input');
    requireSameType(context, input, output);
    requireType(context, context.input(1, 'axes'), ['int32'], 'axes');
    context.require(shape.length <= 6 && sameShape(shape, output.tensor.shape), 'more than 6 dimensions, or input and output differ in shape');
    const axes = context.constantInts(1, 'axes').map((axis) => axisOf(context, axis, shape.length)).sort((a, b) => a - b);
    context.require(axes.length >= 1 && axes.every((axis, i) => axis === (axes[0] as number) + i), `axes [${axes.join(', ')}] are not next to each other`);
    return gatherByIndex(context, input, output, (index) => index.map((value, axis) => (axes.includes(axis) ? (shape[axis] as number) - 1 - value : value)));
  },
};
