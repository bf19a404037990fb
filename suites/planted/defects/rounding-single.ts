import { PRODUCTS } from '../plant/naive-product.ts';
import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const roundingSingle: Defect = {
  id: 'rounding-single',
  causes: ['rounding.single'],
  operators: PRODUCTS,
  description: 'One rounding with ties up.',
  rounding: true,
  plant: spoilLayer(() => ({ rounding: 'NAIVE_SINGLE' })),
};
