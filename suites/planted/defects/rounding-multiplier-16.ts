import { PRODUCTS } from '../plant/naive-product.ts';
import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const roundingMultiplier16: Defect = {
  id: 'rounding-multiplier-16',
  causes: ['rounding.multiplier-16'],
  operators: PRODUCTS,
  description: 'The multiplier is rounded to 16 bits, the product once.',
  rounding: true,
  plant: spoilLayer(() => ({ rounding: 'NAIVE_MULTIPLIER_16' })),
};
