import { spoilElementwise } from './spoil.ts';
import type { Defect } from './defect.ts';

export const operandsSwappedProduct: Defect = {
  id: 'operands-swapped-product',
  causes: ['operands.swapped'],
  operators: ['MUL'],
  description: 'The operands are read from the wrong buffers, with the zero points of their places.',
  plant: spoilElementwise(({ zeroPoint }) => (zeroPoint[0] === zeroPoint[1] ? null : { operands: [1, 0] })),
};
