import { leastQuotientShift, MAX_QUOTIENT_SHIFT, quotient } from '../../../numerics/index.ts';
import type { Kernel, OperatorContext, OperatorReference } from '../../context.ts';
import { binaryKernel, codeRange, floatRange, intRange, limit, readBinary, readQuantised, requireSameType, requireUnquantised, type Binary } from './operands.ts';

/** (TFLM micro/kernels/div.cc, kernels/internal/reference/div.h) */
export const div: OperatorReference = {
  name: 'DIV',
  supports: 'int8 where s0 / (s1 * output scale) is 64 to 2^23 (below, TFLM is undefined), int32 without scale, float32; any broadcast',
  prepare(context: OperatorContext) {
    const binary = readBinary(context, ['int8', 'int32', 'float32']);
    requireSameType(context, binary);
    const { dtype } = binary.left.tensor;
    const { tensor, data } = binary.right;
    if (dtype === 'float32') {
      const range = floatRange(context);
      return binaryKernel(binary, (x, y) => limit(Math.fround(x / y), range));
    }
    if (dtype === 'int32') {
      requireUnquantised(context, [binary.left, binary.right]);
      context.require(tensor.data === null || !(data as Int32Array).includes(0), 'a constant divisor is 0');
      const range = intRange(context);
      // TFLM crashes for a divisor of 0 and for -2^31 / -1; these are what Cortex-M's SDIV gives.
      return binaryKernel(binary, (x, y) => limit(y === 0 ? 0 : (x / y) | 0, range));
    }
    return quantised(context, binary);
  },
};

function quantised(context: OperatorContext, binary: Binary): Kernel {
  const { left, right, output } = readQuantised(context, binary);
  const rounded = context.rounding.scales === 'double' ? (x: number): number => x : Math.fround;
  const { multiplier, shift } = context.fixedPoint(rounded(left.scale / rounded(right.scale * output.scale)), 'of the output');
  const divisors = right.tensor.data === null ? [-128, 127] : Array.from(right.data);
  context.require(right.tensor.data === null || !divisors.includes(right.zeroPoint), 'a constant divisor is 0');
  const least = leastQuotientShift(Math.max(...divisors.map((code) => Math.abs(code - right.zeroPoint))));
  context.require(shift >= least, `the factor 2^${shift} of the output is too small: TFLM shifts by more than 31 bits, which is undefined`);
  context.require(shift <= MAX_QUOTIENT_SHIFT, `the factor 2^${shift} of the output is too great`);
  const range = codeRange(context, output);
  return binaryKernel(binary, (x, y) => limit(quotient(x - left.zeroPoint, y - right.zeroPoint, multiplier, shift) + output.zeroPoint, range));
}
