import { PRODUCTS } from '../plant/naive-product.ts';
import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const roundingEven: Defect = {
  id: 'rounding-even',
  causes: ['rounding.nearest-even'],
  operators: PRODUCTS,
  description: 'The product in 64 bits, rounded once, ties to even.',
  rounding: true,
  plant: spoilLayer(() => ({ rounding: 'NAIVE_EVEN' })),
};
