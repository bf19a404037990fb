import { spoilCopy } from './spoil.ts';
import type { Defect } from './defect.ts';

export const padZero: Defect = {
  id: 'pad-zero',
  causes: ['padding.zero'],
  operators: ['PAD'],
  description: 'Filled with the code 0.',
  plant: spoilCopy((copy) => (copy.fill === 0 ? null : { ...copy, fill: 0 })),
};
