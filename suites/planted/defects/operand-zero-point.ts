import { spoilElementwise } from './spoil.ts';
import type { Defect } from './defect.ts';

export const operandZeroPoint: Defect = {
  id: 'operand-zero-point',
  causes: ['zero-point.input'],
  operators: ['ADD', 'SUB', 'MUL'],
  description: 'The zero point of the first operand is ignored.',
  plant: spoilElementwise(({ zeroPoint: [first, second] }) => (first === 0 ? null : { zeroPoint: [0, second] })),
};
