import { PRODUCTS } from '../plant/naive-product.ts';
import { spoilProduct } from './spoil.ts';
import type { Defect } from './defect.ts';

export const biasDoubled: Defect = {
  id: 'bias-doubled',
  causes: ['bias.doubled'],
  operators: PRODUCTS,
  description: 'The bias is added twice.',
  plant: spoilProduct((product) => ({ ...product, bias: product.bias.map((value) => 2 * value) })),
};
