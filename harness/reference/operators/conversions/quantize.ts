import { CODE_RANGES, isQuantisePair, QUANTISE_PAIRS } from '../../../numerics/codes/index.ts';
import { clamp, roundHalfAway } from '../../../numerics/index.ts';
import type { Kernel, Operand, OperatorContext, OperatorReference } from '../../context.ts';
import { codesOf } from '../code-form.ts';

type CodeArray = Int8Array | Uint8Array | Int16Array | Int32Array;

/**
 * float32 to codes: round(x / scale) + zero point, ties away, in float32; codes to codes: requantised with si / so.
 *
 * Quotients beyond int32, for which TFLM's C++ has no defined result, saturate, and NaN becomes the zero point, as both do on Arm.
 * (TFLM kernels/internal/reference/quantize.h, requantize.h, micro/kernels/quantize_common.cc)
 */
export const quantize: OperatorReference = {
  name: 'QUANTIZE',
  supports: QUANTISE_PAIRS,
  prepare(context: OperatorContext) {
    const input = context.input(0, 'input');
    const output = context.output();
    const [from, to] = [input.tensor.dtype, output.tensor.dtype];
    context.require(isQuantisePair(from, to), `${from} to ${to}`);
    context.require(input.data.length === output.data.length, 'input and output differ in shape');
    const range = CODE_RANGES[to] as readonly [number, number];
    return input.data instanceof Float32Array ? fromFloat(context, input.data, output, range) : fromCodes(context, input, output, range);
  },
};

function fromFloat(context: OperatorContext, values: Float32Array, output: Operand, [least, greatest]: readonly [number, number]): Kernel {
  const { scale, zeroPoint } = codesOf(context, output, 'output');
  const codes = output.data as CodeArray;
  return () => {
    for (let i = 0; i < values.length; i++) {
      const steps = Math.fround((values[i] as number) / scale);
      codes[i] = clamp((Number.isNaN(steps) ? 0 : roundHalfAway(steps)) + zeroPoint, least, greatest);
    }
  };
}

function fromCodes(context: OperatorContext, input: Operand, output: Operand, [least, greatest]: readonly [number, number]): Kernel {
  const [x, y] = [codesOf(context, input, 'input'), codesOf(context, output, 'output')];
  const { multiplier, shift } = context.fixedPoint(x.scale / y.scale, 'input / output');
  const { requantise } = context;
  const [from, to] = [input.data as CodeArray, output.data as CodeArray];
  return () => {
    for (let i = 0; i < from.length; i++) {
      // Only int32 codes can leave int32 here, and then they wrap.
      const value = requantise(((from[i] as number) - x.zeroPoint) | 0, multiplier, shift);
      to[i] = clamp((value + y.zeroPoint) | 0, least, greatest);
    }
  };
}
