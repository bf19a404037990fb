import { spoilElementwise } from './spoil.ts';
import type { Defect } from './defect.ts';

export const operandZeroPointDoubled: Defect = {
  id: 'operand-zero-point-doubled',
  causes: ['zero-point.doubled'],
  operators: ['ADD', 'SUB', 'MUL'],
  description: 'The zero point of the second operand is subtracted twice.',
  plant: spoilElementwise(({ zeroPoint: [first, second] }) => (second === 0 ? null : { zeroPoint: [first, 2 * second] })),
};
