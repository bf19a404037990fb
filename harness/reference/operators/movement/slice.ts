import type { OperatorContext, OperatorReference } from '../../context.ts';
import { gatherByIndex, requireSameType, requireType, sameShape } from './walk.ts';

/** A box of the input; size -1 is to the end of the axis. (TFLM micro/kernels/slice.cc, kernels/internal/reference/slice.h) */
export const slice: OperatorReference = {
  name: 'SLICE',
  supports: 'float32, int8, int16, int32, bool; up to 5 dimensions, constant begin and size',
  prepare(context: OperatorContext) {
    const input = context.input(0, 'input');
    const output = context.output();
    const { shape } = input.tensor;
    requireType(context, input, ['float32', 'int8', 'int16', 'int32', 'bool'], 'input');
    requireSameType(context, input, output);
    context.require(shape.length <= 5, `${shape.length} dimensions; TFLM has up to 5`);
    const begin = context.constantInts(1, 'begin');
    const size = context.constantInts(2, 'size');
    context.require(begin.length === shape.length && size.length === shape.length, 'begin and size are not one value a dimension');
    const kept = shape.map((length, axis) => (size[axis] === -1 ? length - (begin[axis] as number) : (size[axis] as number)));
    context.require(sameShape(kept, output.tensor.shape), `cuts out [${kept.join(', ')}], the output is [${output.tensor.shape.join(', ')}]`);
    return gatherByIndex(context, input, output, (index) => index.map((value, axis) => value + (begin[axis] as number)));
  },
};
