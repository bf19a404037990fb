import { PRODUCTS, productScales } from '../plant/naive-product.ts';
import { spoilProduct } from './spoil.ts';
import type { Defect } from './defect.ts';

export const scalesFloat32: Defect = {
  id: 'scales-float32',
  causes: ['scales.float32'],
  operators: PRODUCTS,
  description: 'Product and quotient of the scales are rounded to float32.',
  rounding: true,
  plant: spoilProduct((product, site) => {
    const { input, weights, output } = productScales(site);
    return { ...product, reals: weights.map((scale) => Math.fround(Math.fround(input * scale) / output)) };
  }),
};
