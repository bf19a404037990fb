import type { OperatorContext, OperatorReference } from '../../context.ts';
import { gatherByIndex, requireSameType, requireType } from './walk.ts';

/** Schema value of the mode that leaves the edge out (REFLECT); SYMMETRIC, 1, repeats it. */
const REFLECT = 0;

/** The input with a border of its mirror image. (TFLM micro/kernels/mirror_pad.cc) */
export const mirrorPad: OperatorReference = {
  name: 'MIRROR_PAD',
  supports: 'float32, int8; constant paddings, reflect or symmetric',
  prepare(context: OperatorContext) {
    const input = context.input(0, 'input');
    const output = context.output();
    const { shape } = input.tensor;
    requireType(context, input, ['float32', 'int8'], 'input');
    requireSameType(context, input, output);
    const paddings = context.constantInts(1, 'paddings');
    context.require(paddings.length === 2 * shape.length && context.input(1, 'paddings').tensor.shape.length === 2, 'paddings are not [dimensions, 2]');
    context.require(paddings.every((padding) => padding >= 0), 'a padding is negative');
    context.require(shape.every((size, axis) => size + (paddings[2 * axis] as number) + (paddings[2 * axis + 1] as number) === output.tensor.shape[axis]), 'input and paddings do not give the output');
    const edge = (context.operator.options['mode'] ?? 0) === REFLECT ? 1 : 0;
    const mirrored = (at: number, before: number, size: number): number => {
      if (at < before) return before - 1 - at + edge;
      const inner = at - before;
      // TFLM stops at the first element where the border after the input is longer than the input.
      return inner < size ? inner : Math.max(size - 1 - edge - (inner - size), 0);
    };
    // A border before the input that is longer than the input reads outside it: refused with the index by gatherByIndex().
    return gatherByIndex(context, input, output, (index) => index.map((at, axis) => mirrored(at, paddings[2 * axis] as number, shape[axis] as number)));
  },
};
