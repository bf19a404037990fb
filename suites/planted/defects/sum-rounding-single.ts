import { spoilElementwise } from './spoil.ts';
import type { Defect } from './defect.ts';

export const sumRoundingSingle: Defect = {
  id: 'sum-rounding-single',
  causes: ['rounding.single', 'rounding.neon-double'],
  operators: ['ADD', 'SUB'],
  description: 'All three factors are applied with one rounding, ties up. The sum has so many fraction bits that the first of two roundings changes nothing: both causes are the same here.',
  rounding: true,
  plant: spoilElementwise(() => ({ rounding: 'NAIVE_SINGLE' })),
};
