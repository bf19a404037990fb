import { PRODUCTS } from '../plant/naive-product.ts';
import { spoilProduct } from './spoil.ts';
import type { Defect } from './defect.ts';

export const biasNegated: Defect = {
  id: 'bias-negated',
  causes: ['bias.negated'],
  operators: PRODUCTS,
  description: 'The bias is subtracted.',
  plant: spoilProduct((product) => ({ ...product, bias: product.bias.map((value) => -value) })),
};
