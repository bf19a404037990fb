import { PRODUCTS } from '../plant/naive-product.ts';
import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const roundingFloat32Even: Defect = {
  id: 'rounding-float32-even',
  causes: ['rounding.float32'],
  operators: PRODUCTS,
  description: 'Sum times factor in float32, ties to even.',
  rounding: true,
  plant: spoilLayer(() => ({ rounding: 'NAIVE_FLOAT32_EVEN' })),
};
