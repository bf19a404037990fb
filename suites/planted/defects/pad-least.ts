import { spoilCopy } from './spoil.ts';
import type { Defect } from './defect.ts';

export const padLeast: Defect = {
  id: 'pad-least',
  causes: ['padding.value'],
  operators: ['PAD'],
  description: 'Filled with the code -128.',
  plant: spoilCopy((copy) => (copy.fill === -128 ? null : { ...copy, fill: -128 })),
};
