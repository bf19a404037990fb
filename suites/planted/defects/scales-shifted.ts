import { PRODUCTS } from '../plant/naive-product.ts';
import { isAlike, rotated } from './numbers.ts';
import { spoilProduct } from './spoil.ts';
import type { Defect } from './defect.ts';

export const scalesShifted: Defect = {
  id: 'scales-shifted',
  causes: ['scales.shifted'],
  operators: PRODUCTS,
  description: "Each channel has the next one's factor, the last one the first's.",
  plant: spoilProduct((product) => (isAlike(product.reals) ? null : { ...product, reals: rotated(product.reals, 1) })),
};
