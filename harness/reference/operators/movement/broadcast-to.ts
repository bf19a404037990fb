import type { OperatorContext, OperatorReference } from '../../context.ts';
import { gatherByIndex, requireSameType, sameShape } from './walk.ts';

/** Axes of length 1, and axes that are missing in front, repeated. (TFLM micro/kernels/broadcast_to.cc, kernels/internal/reference/broadcast_to.h) */
export const broadcastTo: OperatorReference = {
  name: 'BROADCAST_TO',
  supports: 'any type; up to 5 dimensions, constant shape',
  prepare(context: OperatorContext) {
    const input = context.input(0, 'input');
    const output = context.output();
    requireSameType(context, input, output);
    const to = output.tensor.shape;
    const from = input.tensor.shape;
    const missing = to.length - from.length;
    context.require(to.length <= 5 && missing >= 0, `${from.length} to ${to.length} dimensions; TFLM has up to 5`);
    context.require(sameShape(context.constantInts(1, 'shape'), to), 'the shape is not that of the output');
    context.require(from.every((size, axis) => size === 1 || size === to[axis + missing]), `[${from.join(', ')}] can't be broadcast to [${to.join(', ')}]`);
    return gatherByIndex(context, input, output, (index) => from.map((size, axis) => (size === 1 ? 0 : (index[axis + missing] as number))));
  },
};
