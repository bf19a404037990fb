import { spoilElementwise } from './spoil.ts';
import type { Defect } from './defect.ts';

export const operandsSwapped: Defect = {
  id: 'operands-swapped',
  causes: ['operands.swapped'],
  operators: ['ADD', 'SUB'],
  description: 'The second operand is taken for the first and the first for the second, with the scales and zero points of their places.',
  plant: spoilElementwise(() => ({ operands: [1, 0] })),
};
