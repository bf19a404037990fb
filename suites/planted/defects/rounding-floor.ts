import { PRODUCTS } from '../plant/naive-product.ts';
import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const roundingFloor: Defect = {
  id: 'rounding-floor',
  causes: ['rounding.truncation'],
  operators: PRODUCTS,
  description: 'The product in 64 bits is shifted right and nothing else.',
  rounding: true,
  plant: spoilLayer(() => ({ rounding: 'NAIVE_FLOOR' })),
};
