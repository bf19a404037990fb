import { productMultiplier } from '../../../numerics/index.ts';
import type { OperatorReference } from '../../context.ts';
import { binaryKernel, codeRange, floatRange, intRange, limit, readBinary, readQuantised, requireSameType } from './operands.ts';

/** (TFLM micro/kernels/mul.cc, mul_common.cc, kernels/internal/reference/integer_ops/mul.h, mul.h) */
export const mul: OperatorReference = {
  name: 'MUL',
  supports: 'int8, int16, int32, float32; any broadcast',
  prepare(context) {
    const binary = readBinary(context, ['int8', 'int16', 'int32', 'float32']);
    requireSameType(context, binary);
    const { dtype } = binary.left.tensor;
    if (dtype === 'float32') {
      const range = floatRange(context);
      return binaryKernel(binary, (x, y) => limit(Math.fround(x * y), range));
    }
    if (dtype === 'int32') {
      const range = intRange(context);
      return binaryKernel(binary, (x, y) => limit(Math.imul(x, y), range));
    }
    const { left, right, output } = readQuantised(context, binary);
    const { multiplier, shift } = context.fixedPoint(productMultiplier(left.scale, right.scale, output.scale, 'double'), 'of the output');
    const range = codeRange(context, output);
    const { requantise } = context;
    return binaryKernel(binary, (x, y) => limit((requantise((x - left.zeroPoint) * (y - right.zeroPoint), multiplier, shift) + output.zeroPoint) | 0, range));
  },
};
