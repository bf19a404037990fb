import type { OperatorReference } from '../../context.ts';
import { binaryKernel, codeRange, limit, readBinary, readQuantised, requireSameType } from './operands.ts';

/** (TFLM micro/kernels/squared_difference.cc) */
export const squaredDifference: OperatorReference = {
  name: 'SQUARED_DIFFERENCE',
  supports: 'int8, int16, int32, float32; any broadcast',
  prepare(context) {
    const binary = readBinary(context, ['int8', 'int16', 'int32', 'float32']);
    requireSameType(context, binary);
    const { dtype } = binary.left.tensor;
    if (dtype === 'float32') {
      return binaryKernel(binary, (x, y) => {
        const difference = Math.fround(x - y);
        return Math.fround(difference * difference);
      });
    }
    if (dtype === 'int32') return binaryKernel(binary, (x, y) => Math.imul(x - y, x - y));
    const { left, right, output } = readQuantised(context, binary);
    const bits = dtype === 'int16' ? 0 : 7;
    const twice = 2 * Math.max(left.scale, right.scale);
    const first = context.fixedPoint(left.scale / twice, 'of the first operand');
    const second = context.fixedPoint(right.scale / twice, 'of the second operand');
    const factor = context.fixedPoint((twice * twice) / Math.fround(2 ** (2 * bits) * output.scale), 'of the output');
    const range = codeRange(context, output);
    const { requantise } = context;
    return binaryKernel(binary, (x, y) => {
      const a = requantise((x - left.zeroPoint) * 2 ** bits, first.multiplier, first.shift);
      const b = requantise((y - right.zeroPoint) * 2 ** bits, second.multiplier, second.shift);
      return limit((requantise((a - b) * (a - b), factor.multiplier, factor.shift) + output.zeroPoint) | 0, range);
    });
  },
};
