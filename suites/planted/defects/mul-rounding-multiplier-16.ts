import { spoilElementwise } from './spoil.ts';
import type { Defect } from './defect.ts';

export const mulRoundingMultiplier16: Defect = {
  id: 'mul-rounding-multiplier-16',
  causes: ['rounding.multiplier-16'],
  operators: ['MUL'],
  description: 'MUL: A multiplier of 16 bits.',
  rounding: true,
  plant: spoilElementwise(() => ({ rounding: 'NAIVE_MULTIPLIER_16' })),
};
