import { clamp } from '../../../numerics/index.ts';
import type { Kernel, OperatorContext, OperatorReference } from '../../context.ts';
import { axisOf, product, requireSameType, requireType, sameShape } from './walk.ts';

/**
 * Running sums along an axis. int8 sums have 19 fraction bits, start at minus the input's zero point instead of 0, and wrap at 32
 * bits: all three as in TFLM. (17 and more elements far from the zero point wrap before the output is saturated.)
 * (TFLM micro/kernels/cumsum.cc, kernels/internal/reference/cumsum.h)
 */
export const cumsum: OperatorReference = {
  name: 'CUMSUM',
  supports: 'float32, int8; constant int32 axis, exclusive, reverse',
  prepare(context: OperatorContext) {
    const input = context.input(0, 'input');
    requireType(context, input, ['float32', 'int8'], 'input');
    requireSameType(context, input, context.output());
    context.require(sameShape(input.tensor.shape, context.output().tensor.shape), 'input and output differ in shape');
    requireType(context, context.input(1, 'axis'), ['int32'], 'axis');
    return input.tensor.dtype === 'float32' ? prepareFloat(context) : prepareInt8(context);
  },
};

function prepareFloat(context: OperatorContext): Kernel {
  const from = context.input(0, 'input').data as Float32Array;
  const to = context.output().data as Float32Array;
  return alongAxis(context, 0, (at, exclusive, sum) => {
    const next = Math.fround(sum + (from[at] as number));
    to[at] = exclusive ? sum : next;
    return next;
  });
}

function prepareInt8(context: OperatorContext): Kernel {
  const input = context.quantised(context.input(0, 'input'), 'int8', 'input');
  const output = context.quantised(context.output(), 'int8', 'output');
  const { multiplier, shift } = context.fixedPoint((2 * input.scale) / (2 ** 20 * output.scale), '2 * input scale / (2^20 * output scale)');
  context.require(shift <= 0, 'the output scale is less than 2^-19 of the input scale');
  const { requantise } = context;
  return alongAxis(context, -input.zeroPoint * 2 ** 19, (at, exclusive, sum) => {
    const next = (sum + ((input.data[at] as number) - input.zeroPoint) * 2 ** 19) | 0;
    output.data[at] = clamp(requantise(exclusive ? sum : next, multiplier, shift) + output.zeroPoint, -128, 127);
    return next;
  });
}

/** Calls `step` for every element, along the axis in the order of the sum, with the sum before it, which begins at `start`; it returns the sum after it. */
function alongAxis(context: OperatorContext, start: number, step: (at: number, exclusive: boolean, sum: number) => number): Kernel {
  const { shape } = context.input(0, 'input').tensor;
  const axis = axisOf(context, context.constantInts(1, 'axis')[0] ?? 0, shape.length);
  const { exclusive, reverse } = context.operator.options;
  const length = shape[axis] as number;
  const inner = product(shape.slice(axis + 1));
  const outer = product(shape.slice(0, axis));
  return () => {
    for (let row = 0; row < outer * inner; row++) {
      const first = Math.floor(row / inner) * length * inner + (row % inner);
      let sum = start;
      for (let k = 0; k < length; k++) sum = step(first + (reverse === true ? length - 1 - k : k) * inner, exclusive === true, sum);
    }
  };
}
