import { PRODUCTS } from '../plant/naive-product.ts';
import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const roundingFloat32Away: Defect = {
  id: 'rounding-float32-away',
  causes: ['rounding.float32'],
  operators: PRODUCTS,
  description: 'Sum times factor in float32, ties away from zero.',
  rounding: true,
  plant: spoilLayer(() => ({ rounding: 'NAIVE_FLOAT32_AWAY' })),
};
