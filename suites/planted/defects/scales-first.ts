import { PRODUCTS } from '../plant/naive-product.ts';
import { isAlike } from './numbers.ts';
import { spoilProduct } from './spoil.ts';
import type { Defect } from './defect.ts';

export const scalesFirst: Defect = {
  id: 'scales-first',
  causes: ['scales.per-tensor'],
  operators: PRODUCTS,
  description: "The first channel's factor is used for all.",
  plant: spoilProduct((product) => (isAlike(product.reals) ? null : { ...product, reals: product.reals.map(() => product.reals[0] as number) })),
};
