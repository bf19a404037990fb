import { clamp, roundHalfAway } from '../../../numerics/index.ts';
import type { Kernel, OperatorContext, OperatorReference, QuantisedOperand } from '../../context.ts';

/**
 * float32 to codes: round(x / scale) + zero point, ties away, in float32; codes to codes: requantised with si / so.
 * (TFLM kernels/internal/reference/quantize.h, requantize.h, micro/kernels/quantize_common.cc)
 */
export const quantize: OperatorReference = {
  name: 'QUANTIZE',
  supports: 'float32, int8 or int16 to int8 or int16',
  prepare(context: OperatorContext) {
    const input = context.input(0, 'input');
    const target = context.output();
    context.require(input.data.length === target.data.length, 'input and output differ in shape');
    const isWide = target.tensor.dtype === 'int16';
    const output = isWide ? context.quantised(target, 'int16', 'output') : context.quantised(target, 'int8', 'output');
    const range = isWide ? ([-32768, 32767] as const) : ([-128, 127] as const);
    if (input.data instanceof Float32Array) return fromFloat(input.data, output, range);
    const from = input.tensor.dtype === 'int16' ? context.quantised(input, 'int16', 'input') : context.quantised(input, 'int8', 'input');
    return fromCodes(context, from, output, range);
  },
};

type Codes = QuantisedOperand<Int8Array> | QuantisedOperand<Int16Array>;

function fromFloat(values: Float32Array, { data, scale, zeroPoint }: Codes, [least, greatest]: readonly [number, number]): Kernel {
  return () => {
    for (let i = 0; i < values.length; i++) {
      data[i] = clamp(roundHalfAway(Math.fround((values[i] as number) / scale)) + zeroPoint, least, greatest);
    }
  };
}

function fromCodes(context: OperatorContext, from: Codes, to: Codes, [least, greatest]: readonly [number, number]): Kernel {
  const { multiplier, shift } = context.fixedPoint(from.scale / to.scale, 'input / output');
  const { requantise } = context;
  return () => {
    for (let i = 0; i < from.data.length; i++) {
      to.data[i] = clamp(requantise((from.data[i] as number) - from.zeroPoint, multiplier, shift) + to.zeroPoint, least, greatest);
    }
  };
}
