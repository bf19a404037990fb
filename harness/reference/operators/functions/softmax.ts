import { HilError } from '../../../errors.ts';
import { demandSoftmax8Output, EXP16_TABLE, exponentialsOf, lookup16, RECIPROCAL16_TABLE, softmax16Factor, SUM_BITS } from '../../../numerics/codes/index.ts';
import type { Exponentials } from '../../../numerics/codes/index.ts';
import { clamp, exp32, oneOverOnePlusX, rdbp, sat16, srdhm } from '../../../numerics/index.ts';
import type { Kernel, OperatorContext, OperatorReference } from '../../context.ts';
import { codesOf, supported } from '../code-form.ts';

/**
 * Softmax over the last axis: int8 in fixed point, int16 by two tables, float32.
 * (TFLM kernels/internal/reference/softmax.h, micro/kernels/softmax_common.cc)
 */
export const softmax: OperatorReference = {
  name: 'SOFTMAX',
  supports: 'int8 to int8 with scale 1/256 and zero point -128, or to int16 with scale 1/65536 and zero point -32768; int16 with scale 1/32768; float32',
  prepare(context: OperatorContext) {
    const [input, output] = [context.input(0, 'input'), context.output()];
    const depth = input.tensor.shape.at(-1) ?? 0;
    context.require(depth > 0 && output.data.length === input.data.length, 'input and output differ in shape');
    const [from, to] = [input.data, output.data];
    if (from instanceof Int8Array && (to instanceof Int8Array || to instanceof Int16Array)) return int8(context, from, to, depth);
    if (from instanceof Int16Array && to instanceof Int16Array) return int16(context, from, to, depth);
    if (from instanceof Float32Array && to instanceof Float32Array) return float32(from, to, depth, Math.fround(context.operator.options['beta'] as number));
    return context.refuse(`${input.tensor.dtype} to ${output.tensor.dtype}`);
  },
};

function int8(context: OperatorContext, input: Int8Array, output: Int8Array | Int16Array, depth: number): Kernel {
  const isWide = output instanceof Int16Array;
  const { scale } = codesOf(context, context.input(0, 'input'), 'input');
  const exponentials = supported(context, () => {
    demandSoftmax8Output(codesOf(context, context.output(), 'output'), isWide);
    return exponentialsOf(context.operator.options['beta'] as number, scale);
  });
  const { index } = context.operator;
  return () => {
    for (let at = 0; at < input.length; at += depth) row8(input, output, at, depth, exponentials, isWide ? 16 : 8, index);
  };
}

/** @throws HilError 'config' reference.softmax where TFLM itself aborts: 512 or more codes that are nearly equal */
function row8(input: Int8Array, output: Int8Array | Int16Array, at: number, depth: number, exponentials: Exponentials, bits: number, operator: number): void {
  const { fine, coarse, count } = exponentials;
  let greatest = -128;
  for (let i = at; i < at + depth; i++) if ((input[i] as number) > greatest) greatest = input[i] as number;
  let sum = 0;
  for (let i = at; i < at + depth; i++) {
    const difference = greatest - (input[i] as number);
    if (difference < count) sum = (sum + (coarse[difference] as number)) | 0;
  }
  const headroom = Math.clz32(sum);
  const exponent = SUM_BITS - headroom + 31 - bits;
  if (exponent < 0 || exponent > 31) {
    throw new HilError('config', 'reference.softmax', `operator ${operator} SOFTMAX: a row of ${depth} nearly equal codes makes TFLM abort (shift by ${exponent}); use fewer than 512`,
      { facts: { operator, exponent } });
  }
  const scale = oneOverOnePlusX(((sum << headroom) - 0x80000000) | 0);
  const least = -(2 ** (bits - 1));
  for (let i = at; i < at + depth; i++) {
    const difference = greatest - (input[i] as number);
    const code = difference < count ? rdbp(srdhm(scale, fine[difference] as number), exponent) + least : least;
    output[i] = code > -least - 1 ? -least - 1 : code;
  }
}

function int16(context: OperatorContext, input: Int16Array, output: Int16Array, depth: number): Kernel {
  // The sum of a row is an int32 of values up to 32767.
  context.require(depth <= 65536, `${depth} classes, more than 65536`);
  const { multiplier, shift } = supported(context, () =>
    softmax16Factor(codesOf(context, context.input(0, 'input'), 'input'), codesOf(context, context.output(), 'output'), context.operator.options['beta'] as number));
  const { requantise } = context;
  return () => {
    for (let at = 0; at < input.length; at += depth) {
      let greatest = -32768;
      for (let i = at; i < at + depth; i++) greatest = Math.max(greatest, input[i] as number);
      let sum = 0;
      for (let i = at; i < at + depth; i++) {
        const value = lookup16(sat16(requantise((input[i] as number) - greatest, multiplier, shift) + 32767), EXP16_TABLE);
        output[i] = value;
        sum += value;
      }
      const headroom = Math.clz32(sum);
      const mantissa = Math.floor((sum * 2 ** (headroom - 1) + 8192) / 16384); // 1 to 2 in Q1.16
      const reciprocal = lookup16(sat16(mantissa - 98304), RECIPROCAL16_TABLE);
      const right = 31 - headroom;
      for (let i = at; i < at + depth; i++) output[i] = clamp(((output[i] as number) * reciprocal + 2 ** (right - 1)) >> right, 0, 32767);
    }
  };
}

function float32(input: Float32Array, output: Float32Array, depth: number, beta: number): Kernel {
  const f = Math.fround;
  return () => {
    for (let at = 0; at < input.length; at += depth) {
      let greatest = -3.4028234663852886e38;
      for (let i = at; i < at + depth; i++) if ((input[i] as number) > greatest) greatest = input[i] as number;
      let sum = 0;
      for (let i = at; i < at + depth; i++) {
        const value = exp32(f(f((input[i] as number) - greatest) * beta));
        output[i] = value;
        sum = f(sum + value);
      }
      for (let i = at; i < at + depth; i++) output[i] = (output[i] as number) / sum;
    }
  };
}
