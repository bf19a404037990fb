import { spoilElementwise } from './spoil.ts';
import type { Defect } from './defect.ts';

export const operandZeroPointSign: Defect = {
  id: 'operand-zero-point-sign',
  causes: ['zero-point.input-sign'],
  operators: ['ADD', 'SUB', 'MUL'],
  description: 'The zero point of the first operand is added instead of subtracted.',
  plant: spoilElementwise(({ zeroPoint: [first, second] }) => (first === 0 ? null : { zeroPoint: [-first, second] })),
};
