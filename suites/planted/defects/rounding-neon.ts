import { PRODUCTS } from '../plant/naive-product.ts';
import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const roundingNeon: Defect = {
  id: 'rounding-neon',
  causes: ['rounding.neon-double'],
  operators: PRODUCTS,
  description: 'Two roundings, both with ties up.',
  rounding: true,
  plant: spoilLayer(() => ({ rounding: 'NAIVE_NEON' })),
};
