import type { QuantizedMultiplier } from '../../../numerics/index.ts';
import type { Kernel, OperatorContext, OperatorReference, QuantisedOperand } from '../../context.ts';
import { binaryKernel, codeRange, floatRange, intRange, limit, readBinary, readQuantised, requireSameType, requireUnquantised, type Binary } from './operands.ts';

const SUPPORTS = 'int8, int16, float32, int32 without scale; any broadcast';

/** (TFLM micro/kernels/add.cc, add_common.cc, kernels/internal/reference/integer_ops/add.h, add.h) */
export const add: OperatorReference = { name: 'ADD', supports: SUPPORTS, prepare: (context) => prepare(context, 1) };

/** (TFLM micro/kernels/sub.cc, sub_common.cc, kernels/internal/reference/sub.h) */
export const sub: OperatorReference = { name: 'SUB', supports: SUPPORTS, prepare: (context) => prepare(context, -1) };

function prepare(context: OperatorContext, sign: 1 | -1): Kernel {
  const binary = readBinary(context, ['int8', 'int16', 'int32', 'float32']);
  requireSameType(context, binary);
  switch (binary.left.tensor.dtype) {
    case 'float32': {
      const range = floatRange(context);
      return binaryKernel(binary, (x, y) => limit(Math.fround(x + sign * y), range));
    }
    case 'int32': {
      requireUnquantised(context, [binary.left, binary.right, ...(sign < 0 ? [binary.output] : [])]);
      const range = intRange(context);
      // TFLM's ADD of int32 ignores the fused activation; its SUB does not.
      return binaryKernel(binary, sign > 0 ? (x, y) => (x + y) | 0 : (x, y) => limit((x - y) | 0, range));
    }
    default: return quantised(context, binary, sign);
  }
}

function quantised(context: OperatorContext, binary: Binary, sign: 1 | -1): Kernel {
  const { left, right, output } = readQuantised(context, binary);
  const bits = output.tensor.dtype === 'int16' ? 15 : 20;
  // TFLM before October 2026 formed every factor of SUB in float32, not in double.
  const rounded = context.rounding.scales === 'double' ? (x: number): number => x : Math.fround;
  const twice = rounded(2 * Math.max(left.scale, right.scale));
  const factor = context.fixedPoint(rounded(twice / rounded(2 ** bits * output.scale)), 'of the output');
  context.require(rounded(twice / rounded(2 ** bits * output.scale)) < 1, 'the output scale is too small for the operands');
  const x = rescale(context, left, context.fixedPoint(rounded(left.scale / twice), 'of the first operand'), bits);
  const y = rescale(context, right, context.fixedPoint(rounded(right.scale / twice), 'of the second operand'), bits);
  const range = codeRange(context, output);
  const { requantise } = context;
  return binaryKernel(binary, (a, b) => limit(requantise(x(a) + sign * y(b), factor.multiplier, factor.shift) + output.zeroPoint, range));
}

/** From a code to the common scale of both operands with `bits` more bits: a table for the 256 codes of int8. */
function rescale(context: OperatorContext, { tensor, zeroPoint }: QuantisedOperand<Int8Array | Int16Array>, factor: QuantizedMultiplier, bits: number): (code: number) => number {
  const compute = (code: number): number => context.requantise((code - zeroPoint) * 2 ** bits, factor.multiplier, factor.shift);
  if (tensor.dtype === 'int16') return compute;
  const table = Int32Array.from({ length: 256 }, (_, index) => compute(index - 128));
  return (code) => table[code + 128] as number;
}
