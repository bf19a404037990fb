import type { OperatorContext, OperatorReference } from '../../context.ts';
import { axisOf, sameShape } from './walk.ts';
import { copyUnchanged } from './unchanged.ts';

/** Axes of length 1 left out: those of the option squeeze_dims, or all of them where it is empty. (TFLM micro/kernels/squeeze.cc) */
export const squeeze: OperatorReference = {
  name: 'SQUEEZE',
  supports: 'any type, up to 8 dimensions',
  prepare(context: OperatorContext) {
    const input = context.input(0, 'input');
    const output = context.output();
    const { shape } = input.tensor;
    context.require(shape.length <= 8, `${shape.length} dimensions; TFLM has up to 8`);
    const given = (context.operator.options['squeeze_dims'] as readonly number[] | undefined) ?? [];
    const dropped = given.length === 0 ? shape.flatMap((size, axis) => (size === 1 ? [axis] : [])) : given.map((axis) => axisOf(context, axis, shape.length));
    context.require(dropped.every((axis) => shape[axis] === 1), `squeezes an axis of [${shape.join(', ')}] that is not 1`);
    context.require(sameShape(shape.filter((_, axis) => !dropped.includes(axis)), output.tensor.shape), `[${shape.join(', ')}] squeezed is not [${output.tensor.shape.join(', ')}]`);
    return copyUnchanged(context, input, output);
  },
};
