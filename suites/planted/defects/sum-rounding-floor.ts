import { spoilElementwise } from './spoil.ts';
import type { Defect } from './defect.ts';

export const sumRoundingFloor: Defect = {
  id: 'sum-rounding-floor',
  causes: ['rounding.truncation'],
  operators: ['ADD', 'SUB'],
  description: 'All three factors by a shift and nothing else.',
  rounding: true,
  plant: spoilElementwise(() => ({ rounding: 'NAIVE_FLOOR' })),
};
