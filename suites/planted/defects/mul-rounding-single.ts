import { spoilElementwise } from './spoil.ts';
import type { Defect } from './defect.ts';

export const mulRoundingSingle: Defect = {
  id: 'mul-rounding-single',
  causes: ['rounding.single'],
  operators: ['MUL'],
  description: 'MUL: One rounding with ties up.',
  rounding: true,
  plant: spoilElementwise(() => ({ rounding: 'NAIVE_SINGLE' })),
};
