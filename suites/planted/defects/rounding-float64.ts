import { PRODUCTS } from '../plant/naive-product.ts';
import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const roundingFloat64: Defect = {
  id: 'rounding-float64',
  causes: ['rounding.float64'],
  operators: PRODUCTS,
  description: 'Sum times factor in float64, ties away from zero.',
  rounding: true,
  plant: spoilLayer(() => ({ rounding: 'NAIVE_FLOAT64' })),
};
