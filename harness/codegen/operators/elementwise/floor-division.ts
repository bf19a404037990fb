import type { OperatorGenerator } from '../../context.ts';
import { need } from '../refusal.ts';
import { planElementwise, readBinary } from './binary.ts';

const TYPES = ['float32'] as const;

const generator = (op: string, allowsZero: boolean): OperatorGenerator => ({
  op,
  supports: 'float32; any broadcast',
  types: TYPES,
  plan: (operator, context) => {
    const layer = readBinary(operator, context, TYPES);
    const divisors = layer.operands[1]?.data ?? null;
    need(allowsZero || divisors === null || !hasZero(divisors), 'a constant divisor is 0');
    const name = op.toLowerCase();
    return planElementwise(layer, { name, expression: `nn_${name}(x0, x1)`, headers: ['nn_floor_division.h'] });
  },
});

/** @param data little-endian float32 */
function hasZero(data: Uint8Array): boolean {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: data.byteLength / 4 }, (_, i) => view.getFloat32(4 * i, true)).includes(0);
}

export const floorDiv = generator('FLOOR_DIV', false);
export const floorMod = generator('FLOOR_MOD', true);
