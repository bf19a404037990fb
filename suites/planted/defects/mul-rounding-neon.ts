import { spoilElementwise } from './spoil.ts';
import type { Defect } from './defect.ts';

export const mulRoundingNeon: Defect = {
  id: 'mul-rounding-neon',
  causes: ['rounding.neon-double'],
  operators: ['MUL'],
  description: 'MUL: Two roundings, both with ties up.',
  rounding: true,
  plant: spoilElementwise(() => ({ rounding: 'NAIVE_NEON' })),
};
