import type { Kernel, OperatorContext, OperatorReference } from '../../context.ts';
import { axisOf, product, requireType, sameShape } from './walk.ts';

const SUPPORTS = 'float32, int8 to int32; constant int32 axis';

/** Index of the greatest element along an axis, the first of equal ones. (TFLM micro/kernels/arg_min_max.cc, kernels/internal/reference/arg_min_max.h) */
export const argMax: OperatorReference = { name: 'ARG_MAX', supports: SUPPORTS, prepare: (context) => prepare(context, (a, b) => a > b) };

/** Index of the least element along an axis, the first of equal ones. (The same files) */
export const argMin: OperatorReference = { name: 'ARG_MIN', supports: SUPPORTS, prepare: (context) => prepare(context, (a, b) => a < b) };

function prepare(context: OperatorContext, isBetter: (value: number, best: number) => boolean): Kernel {
  const input = context.input(0, 'input');
  const output = context.output();
  requireType(context, input, ['float32', 'int8'], 'input');
  requireType(context, output, ['int32'], 'output');
  requireType(context, context.input(1, 'axis'), ['int32'], 'axis');
  const { shape } = input.tensor;
  const axis = axisOf(context, context.constantInts(1, 'axis')[0] ?? 0, shape.length);
  context.require(sameShape(shape.toSpliced(axis, 1), output.tensor.shape), `the output is not the input without axis ${axis}`);
  context.require(input.data.length > 0, 'the input is empty');
  const length = shape[axis] as number;
  const inner = product(shape.slice(axis + 1));
  const from = input.data as Float32Array | Int8Array;
  return () => {
    for (let i = 0; i < output.data.length; i++) {
      const first = Math.floor(i / inner) * length * inner + (i % inner);
      let best = 0;
      // A NaN is neither greater nor less: it stays where it comes first, and never replaces another.
      for (let k = 1; k < length; k++) if (isBetter(from[first + k * inner] as number, from[first + best * inner] as number)) best = k;
      output.data[i] = best;
    }
  };
}
