import { spoilElementwise } from './spoil.ts';
import type { Defect } from './defect.ts';

export const mulRoundingFloor: Defect = {
  id: 'mul-rounding-floor',
  causes: ['rounding.truncation'],
  operators: ['MUL'],
  description: 'MUL: Shifted right and nothing else.',
  rounding: true,
  plant: spoilElementwise(() => ({ rounding: 'NAIVE_FLOOR' })),
};
