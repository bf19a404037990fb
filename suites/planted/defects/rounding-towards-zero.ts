import { PRODUCTS } from '../plant/naive-product.ts';
import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const roundingTowardsZero: Defect = {
  id: 'rounding-towards-zero',
  causes: ['rounding.truncation'],
  operators: PRODUCTS,
  description: 'Sum times factor in float32, converted as C does it: towards zero.',
  rounding: true,
  plant: spoilLayer(() => ({ rounding: 'NAIVE_TOWARDS_ZERO' })),
};
