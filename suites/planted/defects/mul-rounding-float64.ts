import { spoilElementwise } from './spoil.ts';
import type { Defect } from './defect.ts';

export const mulRoundingFloat64: Defect = {
  id: 'mul-rounding-float64',
  causes: ['rounding.float64'],
  operators: ['MUL'],
  description: 'MUL: In float64, ties away from zero.',
  rounding: true,
  plant: spoilElementwise(() => ({ rounding: 'NAIVE_FLOAT64' })),
};
