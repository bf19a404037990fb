import { clamp, inverseSquareRoot, sqrt32 } from '../../../numerics/index.ts';
import type { Kernel, OperatorContext, OperatorReference } from '../../context.ts';
import { codesOf } from '../code-form.ts';

/** Greatest number of squares of differences of int8 codes in an int32. */
const MAX_DEPTH = 33025;

/** Bits of the results, whose scale is 1/128 whatever the output says. */
const OUTPUT_BITS = 7;

/**
 * A row divided by the root of the sum of its squares.
 * (TFLM micro/kernels/l2norm.cc, kernels/internal/reference/l2normalization.h, integer_ops/l2normalization.h)
 */
export const l2Normalization: OperatorReference = {
  name: 'L2_NORMALIZATION',
  supports: 'int8, float32; up to 4 dimensions',
  prepare(context: OperatorContext) {
    const [input, output] = [context.input(0, 'input'), context.output()];
    const { shape, dtype } = input.tensor;
    const depth = shape.at(-1) ?? 0;
    context.require(dtype === output.tensor.dtype, `input is ${dtype}, output ${output.tensor.dtype}`);
    context.require(shape.length <= 4, 'more than 4 dimensions');
    context.require(depth > 0 && output.data.length === input.data.length, 'input and output differ in shape');
    context.require((context.operator.options['fused_activation_function'] ?? 0) === 0, 'has a fused activation');
    if (input.data instanceof Float32Array) return float32(input.data, output.data as Float32Array, depth);
    context.require(input.data instanceof Int8Array, `input is ${dtype}, not int8 or float32`);
    context.require(depth <= MAX_DEPTH, `rows of ${depth}, more than ${MAX_DEPTH}`);
    return int8(context, input.data, output.data as Int8Array, depth, codesOf(context, input, 'input').zeroPoint);
  },
};

function int8({ requantise }: OperatorContext, input: Int8Array, output: Int8Array, depth: number, zeroPoint: number): Kernel {
  return () => {
    for (let at = 0; at < input.length; at += depth) {
      let sum = 0;
      for (let i = at; i < at + depth; i++) sum += ((input[i] as number) - zeroPoint) ** 2;
      const { multiplier, shift } = inverseSquareRoot(sum);
      for (let i = at; i < at + depth; i++) output[i] = clamp(requantise((input[i] as number) - zeroPoint, multiplier, shift + OUTPUT_BITS), -128, 127);
    }
  };
}

function float32(input: Float32Array, output: Float32Array, depth: number): Kernel {
  const f = Math.fround;
  return () => {
    for (let at = 0; at < input.length; at += depth) {
      let sum = 0;
      for (let i = at; i < at + depth; i++) sum = f(sum + f((input[i] as number) * (input[i] as number)));
      const root = sqrt32(sum);
      const norm = root < f(1e-6) ? f(1e-6) : root;
      for (let i = at; i < at + depth; i++) output[i] = (input[i] as number) / norm;
    }
  };
}
