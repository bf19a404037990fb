import { PRODUCTS } from '../plant/naive-product.ts';
import { isAlike, rotated } from './numbers.ts';
import { spoilProduct } from './spoil.ts';
import type { Defect } from './defect.ts';

export const scalesShiftedBack: Defect = {
  id: 'scales-shifted-back',
  causes: ['scales.shifted'],
  operators: PRODUCTS,
  description: "Each channel has the factor of the one before, the first one the last's.",
  plant: spoilProduct((product) => (isAlike(product.reals) ? null : { ...product, reals: rotated(product.reals, -1) })),
};
