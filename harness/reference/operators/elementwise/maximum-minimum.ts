import type { DType } from '../../../model/index.ts';
import type { OperatorReference } from '../../context.ts';
import { binaryKernel, readBinary, requireSameType } from './operands.ts';

const TYPES: readonly DType[] = ['int8', 'int16', 'int32', 'int64', 'float32'];

const reference = (name: string, choose: (x: number, y: number) => number): OperatorReference => ({
  name,
  supports: `${TYPES.join(', ')}; any broadcast; codes are compared as they are, whatever their scales`,
  prepare(context) {
    const binary = readBinary(context, TYPES);
    requireSameType(context, binary);
    return binaryKernel(binary, choose);
  },
});

/** Where neither is greater (also NaN) the second operand. (TFLM micro/kernels/maximum_minimum.h) */
export const maximum: OperatorReference = reference('MAXIMUM', (x, y) => (x > y ? x : y));
export const minimum: OperatorReference = reference('MINIMUM', (x, y) => (x < y ? x : y));
