import type { Kernel, Operand, OperatorContext, OperatorReference } from '../../context.ts';
import { bitsOf, gatherByIndex, mapIndices, requireSameType, requireType, sameShape, stridesOf } from './walk.ts';

/**
 * A box of the input; size -1 is to the end of the axis. A computed begin is moved so that the box lies inside the input, where
 * TFLM reads outside. (TFLM micro/kernels/slice.cc, kernels/internal/reference/slice.h)
 */
export const slice: OperatorReference = {
  name: 'SLICE',
  supports: 'float32, int8, int16, int32, bool; up to 5 dimensions, constant size',
  prepare(context: OperatorContext) {
    const input = context.input(0, 'input');
    const begin = context.input(1, 'begin');
    const output = context.output();
    const { shape } = input.tensor;
    requireType(context, input, ['float32', 'int8', 'int16', 'int32', 'bool'], 'input');
    requireSameType(context, input, output);
    context.require(shape.length <= 5, `${shape.length} dimensions; TFLM has up to 5`);
    const size = context.constantInts(2, 'size');
    requireType(context, begin, ['int32', 'int64'], 'begin');
    requireSameType(context, begin, context.input(2, 'size'));
    context.require(begin.data.length === shape.length && size.length === shape.length, 'begin and size are not one value a dimension');
    return begin.tensor.data === null ? prepareComputed(context, input, begin, size) : prepareConstant(context, input, size);
  },
};

function prepareConstant(context: OperatorContext, input: Operand, size: readonly number[]): Kernel {
  const begin = context.constantInts(1, 'begin');
  const output = context.output();
  const kept = input.tensor.shape.map((length, axis) => (size[axis] === -1 ? length - (begin[axis] as number) : (size[axis] as number)));
  context.require(sameShape(kept, output.tensor.shape), `cuts out [${kept.join(', ')}], the output is [${output.tensor.shape.join(', ')}]`);
  return gatherByIndex(context, input, output, (index) => index.map((value, axis) => value + (begin[axis] as number)));
}

function prepareComputed(context: OperatorContext, input: Operand, begin: Operand, size: readonly number[]): Kernel {
  const { shape } = input.tensor;
  const output = context.output();
  context.require(sameShape(size, output.tensor.shape), `cuts out [${size.join(', ')}], the output is [${output.tensor.shape.join(', ')}]`);
  context.require(size.every((length, axis) => length <= (shape[axis] as number)), 'the box is larger than the input');
  const strides = stridesOf(shape);
  const places = mapIndices(size, (index) => index.reduce((sum, value, axis) => sum + value * (strides[axis] as number), 0));
  const from = bitsOf(input.data);
  const to = bitsOf(output.data);
  return () => {
    const first = strides.reduce((sum, stride, axis) => sum + stride * Math.max(0, Math.min(Number(begin.data[axis]), (shape[axis] as number) - (size[axis] as number))), 0);
    places.forEach((place, i) => {
      to[i] = from[first + place] as number;
    });
  };
}
