import { PRODUCTS } from '../plant/naive-product.ts';
import { rotated } from './numbers.ts';
import { spoilProduct } from './spoil.ts';
import type { Defect } from './defect.ts';

export const biasShifted: Defect = {
  id: 'bias-shifted',
  causes: ['bias.shifted'],
  operators: PRODUCTS,
  description: "Each channel has the next one's bias, the last one the first's.",
  plant: spoilProduct((product) => ({ ...product, bias: rotated(product.bias, 1) })),
};
