import { spoilElementwise } from './spoil.ts';
import type { Defect } from './defect.ts';

export const sumRoundingEven: Defect = {
  id: 'sum-rounding-even',
  causes: ['rounding.nearest-even', 'rounding.float32'],
  operators: ['ADD'],
  description: 'All three factors with one rounding, ties to even; with factors that are powers of two float32 is the same.',
  rounding: true,
  plant: spoilElementwise(() => ({ rounding: 'NAIVE_EVEN' })),
};
