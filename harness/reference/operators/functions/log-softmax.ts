import { logSoftmaxTables, scaledDifference } from '../../../numerics/codes/index.ts';
import { clamp, exp32, log32, logarithmOfSum, rdbp, requantiseDouble } from '../../../numerics/index.ts';
import type { Kernel, OperatorContext, OperatorReference } from '../../context.ts';
import { codesOf, supported } from '../code-form.ts';

/** Greatest number of codes whose exponentials can be summed in Q12.19. */
const MAX_DEPTH = 4095;

/** Over the last axis. (TFLM micro/kernels/log_softmax.cc, kernels/internal/reference/log_softmax.h) */
export const logSoftmax: OperatorReference = {
  name: 'LOG_SOFTMAX',
  supports: 'int8 to scale 1/16 and zero point 127, float32',
  prepare(context: OperatorContext) {
    const [input, output] = [context.input(0, 'input'), context.output()];
    const depth = input.tensor.shape.at(-1) ?? 0;
    context.require(input.tensor.dtype === output.tensor.dtype, `input is ${input.tensor.dtype}, output ${output.tensor.dtype}`);
    context.require(depth > 0 && output.data.length === input.data.length, 'input and output differ in shape');
    if (input.data instanceof Float32Array) return float32(input.data, output.data as Float32Array, depth);
    if (input.data instanceof Int8Array) return int8(context, input.data, output.data as Int8Array, depth);
    return context.refuse(`input is ${input.tensor.dtype}, not int8 or float32`);
  },
};

function int8(context: OperatorContext, input: Int8Array, output: Int8Array, depth: number): Kernel {
  context.require(depth <= MAX_DEPTH, `${depth} classes, more than ${MAX_DEPTH}`);
  const { exponentials, reverse } = supported(context, () =>
    logSoftmaxTables(codesOf(context, context.input(0, 'input'), 'input'), codesOf(context, context.output(), 'output')));
  const { coarse, count, factor } = exponentials;
  return () => {
    for (let at = 0; at < input.length; at += depth) {
      const greatest = input.subarray(at, at + depth).reduce((a, b) => Math.max(a, b));
      let sum = 0;
      for (let i = at; i < at + depth; i++) sum += coarse[greatest - (input[i] as number)] ?? 0;
      const logarithm = logarithmOfSum(sum);
      // Below this the result would leave Q5.26.
      const least = Math.max(-count, requantiseDouble(logarithm - 2 ** 31, reverse.multiplier, reverse.shift));
      for (let i = at; i < at + depth; i++) {
        const difference = (input[i] as number) - greatest;
        output[i] = difference > least ? clamp(rdbp((scaledDifference(difference, factor) - logarithm) | 0, 22) + 127, -128, 127) : -128;
      }
    }
  };
}

function float32(input: Float32Array, output: Float32Array, depth: number): Kernel {
  const f = Math.fround;
  return () => {
    for (let at = 0; at < input.length; at += depth) {
      let greatest = -3.4028234663852886e38;
      for (let i = at; i < at + depth; i++) if ((input[i] as number) > greatest) greatest = input[i] as number;
      let sum = 0;
      for (let i = at; i < at + depth; i++) sum = f(sum + exp32(f((input[i] as number) - greatest)));
      const logarithm = log32(sum);
      for (let i = at; i < at + depth; i++) output[i] = f(f((input[i] as number) - greatest) - logarithm);
    }
  };
}
