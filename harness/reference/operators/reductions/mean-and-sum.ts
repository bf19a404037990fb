import { clamp, meanMultiplier } from '../../../numerics/index.ts';
import type { Kernel, OperatorContext, OperatorReference } from '../../context.ts';
import { readReducedAxes, type ReducedAxes } from './reduced-axes.ts';

/** Greatest magnitude of a code, and the limits of the type. */
const TYPES = { int8: [-128, 127], int16: [-32768, 32767] } as const;

/**
 * Integers: the sum of (code - zero point), requantised; the mean's division is in the multiplier.
 * (TFLM kernels/internal/reference/reduce.h, QuantizedMeanOrSum and Mean; micro/kernels/reduce_common.cc)
 */
export const mean: OperatorReference = {
  name: 'MEAN',
  supports: 'int8, int16, float32 over constant axes',
  prepare: (context) => prepare(context, true),
};

/** As MEAN without the division. */
export const sum: OperatorReference = {
  name: 'SUM',
  supports: 'int8, int16, float32 over constant axes',
  prepare: (context) => prepare(context, false),
};

function prepare(context: OperatorContext, isMean: boolean): Kernel {
  const input = context.input(0, 'input');
  const output = context.output();
  const { dtype } = input.tensor;
  const axes = readReducedAxes(context);
  context.require(output.tensor.dtype === dtype, `${dtype} to ${output.tensor.dtype}`);
  if (dtype === 'float32') {
    context.require(!isMean || context.input(1, 'axes').tensor.elements <= 4, 'more than 4 axes');
    return float(input.data as Float32Array, output.data as Float32Array, axes, isMean ? axes.count : 1);
  }
  context.require(dtype === 'int8' || dtype === 'int16', `input is ${dtype}`);
  return codes(context, dtype, axes, isMean);
}

function float(input: Float32Array, output: Float32Array, { target }: ReducedAxes, divisor: number): Kernel {
  return () => {
    output.fill(0);
    for (let i = 0; i < input.length; i++) output[target[i] as number] = (output[target[i] as number] as number) + (input[i] as number);
    if (divisor !== 1) for (let i = 0; i < output.length; i++) output[i] = (output[i] as number) / divisor;
  };
}

function codes(context: OperatorContext, dtype: 'int8' | 'int16', { target, count }: ReducedAxes, isMean: boolean): Kernel {
  const x = context.quantised(context.input(0, 'input'), dtype, 'input');
  const y = context.quantised(context.output(), dtype, 'output');
  const [least, greatest] = TYPES[dtype];
  context.require(count * 2 * -least < 2 ** 31, `${count} elements fall into one: the sum can leave int32`);
  const fixed = context.fixedPoint(x.scale / y.scale, 'input / output');
  const { multiplier, shift } = isMean ? meanMultiplier(fixed, count) : fixed;
  const { requantise } = context;
  const sums = new Int32Array(y.data.length);
  return () => {
    sums.fill(-x.zeroPoint * count);
    for (let i = 0; i < x.data.length; i++) sums[target[i] as number] = (sums[target[i] as number] as number) + (x.data[i] as number);
    for (let i = 0; i < sums.length; i++) y.data[i] = clamp(requantise(sums[i] as number, multiplier, shift) + y.zeroPoint, least, greatest);
  };
}
