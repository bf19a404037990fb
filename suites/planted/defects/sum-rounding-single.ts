import { spoilElementwise } from './spoil.ts';
import type { Defect } from './defect.ts';

export const sumRoundingSingle: Defect = {
  id: 'sum-rounding-single',
  causes: ['rounding.single', 'rounding.neon-double', 'rounding.multiplier-16'],
  operators: ['ADD'],
  description: 'All three factors are applied with one rounding, ties up. The sum has so many fraction bits that the first of two roundings changes nothing, and factors that are powers of two fit into 16 bits: the causes are the same here.',
  rounding: true,
  plant: spoilElementwise(() => ({ rounding: 'NAIVE_SINGLE' })),
};
