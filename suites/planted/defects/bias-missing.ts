import { PRODUCTS } from '../plant/naive-product.ts';
import { spoilProduct } from './spoil.ts';
import type { Defect } from './defect.ts';

export const biasMissing: Defect = {
  id: 'bias-missing',
  causes: ['bias.missing'],
  operators: PRODUCTS,
  description: 'No bias.',
  plant: spoilProduct((product) => ({ ...product, bias: product.bias.map(() => 0) })),
};
