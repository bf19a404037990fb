import { PRODUCTS } from '../plant/naive-product.ts';
import type { Defect } from './defect.ts';
import { spoilLayer } from './spoil.ts';

export const roundingDouble: Defect = {
  id: 'rounding-double',
  causes: ['rounding.double'],
  operators: PRODUCTS,
  description: 'Two roundings in one layer of a network that rounds once everywhere else, and is compared with that.',
  rounding: true,
  plant: spoilLayer(() => ({})),
  profile: { name: 'cmsis-single', elsewhere: spoilLayer(() => ({ rounding: 'NAIVE_SINGLE' })) },
};
