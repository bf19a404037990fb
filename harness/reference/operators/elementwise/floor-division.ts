import type { OperatorContext, OperatorReference } from '../../context.ts';
import { binaryKernel, readBinary, requireSameType } from './operands.ts';

const reference = (name: string, supports: string, allowsZero: boolean, compute: (x: number, y: number) => number): OperatorReference => ({
  name,
  supports,
  prepare(context: OperatorContext) {
    const binary = readBinary(context, ['float32']);
    requireSameType(context, binary);
    const { tensor, data } = binary.right;
    context.require(allowsZero || tensor.data === null || !(data as Float32Array).includes(0), 'a constant divisor is 0');
    return binaryKernel(binary, compute);
  },
});

/** The quotient in float64, rounded down. TFLM stops at a divisor of 0; here it gives IEEE 754's. (TFLM micro/kernels/floor_div.cc) */
export const floorDiv: OperatorReference = reference('FLOOR_DIV', 'float32; any broadcast', false, (x, y) => Math.fround(Math.floor(x / y)));

/** The remainder with the divisor's sign. (TFLM micro/kernels/floor_mod.cc, kernels/internal/reference/floor_mod.h) */
export const floorMod: OperatorReference = reference('FLOOR_MOD', 'float32; any broadcast', true, (x, y) => {
  const rest = x % y; // exact, and representable in float32
  return rest !== 0 && y < 0 !== rest < 0 ? Math.fround(rest + y) : rest;
});
