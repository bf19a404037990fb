import type { OperatorContext, OperatorReference } from '../../context.ts';
import { bitsOf, mapIndices, requireSameType, requireType, sameShape, stridesOf } from './walk.ts';

/**
 * The operand with a box of it replaced, at a place that is computed and moved inside where it would reach out.
 * (TFLM micro/kernels/dynamic_update_slice.cc)
 */
export const dynamicUpdateSlice: OperatorReference = {
  name: 'DYNAMIC_UPDATE_SLICE',
  supports: 'float32, int8, int16, int32; up to 6 dimensions, int32 or int64 start, constant or computed',
  prepare(context: OperatorContext) {
    const operand = context.input(0, 'operand');
    const update = context.input(1, 'update');
    const start = context.input(2, 'start');
    const output = context.output();
    requireType(context, operand, ['float32', 'int8', 'int16', 'int32'], 'operand');
    requireSameType(context, operand, update);
    requireSameType(context, operand, output);
    requireType(context, start, ['int32', 'int64'], 'start');
    const { shape } = operand.tensor;
    const box = update.tensor.shape;
    context.require(shape.length >= 1 && shape.length <= 6, `${shape.length} dimensions; TFLM has 1 to 6`);
    context.require(sameShape(shape, output.tensor.shape), 'operand and output differ in shape');
    context.require(sameShape(start.tensor.shape, [shape.length]), 'start is not one value a dimension');
    context.require(box.length === shape.length && box.every((size, axis) => size >= 1 && size <= (shape[axis] as number)), 'the update is no box of the operand');
    const strides = stridesOf(shape);
    const places = mapIndices(box, (index) => index.reduce((sum, value, axis) => sum + value * (strides[axis] as number), 0));
    const [all, from, to] = [bitsOf(operand.data), bitsOf(update.data), bitsOf(output.data)];
    return () => {
      to.set(all as never);
      const first = strides.reduce((sum, stride, axis) => {
        const last = (shape[axis] as number) - (box[axis] as number);
        return sum + stride * Math.min(Math.max(Number(start.data[axis]), 0), last);
      }, 0);
      places.forEach((place, i) => {
        to[first + place] = from[i] as number;
      });
    };
  },
};
