import { spoilElementwise } from './spoil.ts';
import type { Defect } from './defect.ts';

export const operandZeroPointSecond: Defect = {
  id: 'operand-zero-point-second',
  causes: ['zero-point.input'],
  operators: ['ADD', 'SUB', 'MUL'],
  description: 'The zero point of the second operand is ignored.',
  plant: spoilElementwise(({ zeroPoint: [first, second] }) => (second === 0 ? null : { zeroPoint: [first, 0] })),
};
