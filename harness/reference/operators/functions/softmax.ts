import { HilError } from '../../../errors.ts';
import { expOnNegativeValues, oneOverOnePlusX, quantizeMultiplier, rdbp, srdhm } from '../../../numerics/index.ts';
import type { OperatorContext, OperatorReference, QuantisedOperand } from '../../context.ts';

/** Integer bits of the scaled differences (Q5.26) and of the sum of exponentials (Q12.19). */
const DIFFERENCE_BITS = 5;
const SUM_BITS = 12;

/** exp of the difference to the row's greatest code, by minus that difference: 0 ... 255. */
interface Exponentials {
  /** Q0.31. */
  readonly fine: Int32Array;
  /** Q12.19, as it enters the sum. */
  readonly coarse: Int32Array;
  /** Number of differences whose exponential counts; beyond it the result is the least code. */
  readonly count: number;
}

/**
 * Softmax over the last axis in fixed point.
 * (TFLM kernels/internal/reference/softmax.h, micro/kernels/softmax_common.cc)
 */
export const softmax: OperatorReference = {
  name: 'SOFTMAX',
  supports: 'int8 to int8 with scale 1/256 and zero point -128, or to int16 with scale 1/65536 and zero point -32768',
  prepare(context: OperatorContext) {
    const input = context.quantised(context.input(0, 'input'), 'int8', 'input');
    const target = context.output();
    const isWide = target.tensor.dtype === 'int16';
    const output = isWide ? context.quantised(target, 'int16', 'output') : context.quantised(target, 'int8', 'output');
    const [bits, least] = isWide ? [16, -32768] : [8, -128];
    context.require(output.scale === 2 ** -bits && output.zeroPoint === least, `output has scale ${output.scale} and zero point ${output.zeroPoint}`);
    const depth = input.tensor.shape.at(-1) ?? 1;
    context.require(depth > 0 && output.data.length === input.data.length, 'input and output differ in shape');
    const exponentials = tabulate(context, input);
    const { index } = context.operator;
    return () => {
      for (let at = 0; at < input.data.length; at += depth) row(input.data, output.data, at, depth, exponentials, bits, index);
    };
  },
};

function tabulate(context: OperatorContext, input: QuantisedOperand<Int8Array>): Exponentials {
  const beta = context.operator.options.beta as number;
  const real = Math.min(beta * input.scale * 2 ** (31 - DIFFERENCE_BITS), 2 ** 31 - 1);
  context.require(real > 1, `beta * scale = ${beta * input.scale} is too small`);
  const { multiplier, shift } = quantizeMultiplier(real);
  const radius = Math.floor((31 * 2 ** 26) / 2 ** shift);
  const count = Math.min(256, radius + 1);
  const fine = Int32Array.from({ length: count }, (_, d) => expOnNegativeValues(srdhm(-d * 2 ** shift, multiplier), DIFFERENCE_BITS));
  return { fine, coarse: fine.map((value) => rdbp(value, SUM_BITS)), count };
}

/** @throws HilError 'config' reference.softmax where TFLM itself aborts: 512 or more codes that are nearly equal */
function row(input: Int8Array, output: Int8Array | Int16Array, at: number, depth: number, exponentials: Exponentials, bits: number, operator: number): void {
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
