import { PRODUCTS, productScales } from '../plant/naive-product.ts';
import { spoilProduct } from './spoil.ts';
import type { Defect } from './defect.ts';

export const scalesFloat32Product: Defect = {
  id: 'scales-float32-product',
  causes: ['scales.float32-product'],
  operators: PRODUCTS,
  description: 'The product of input and weight scale is rounded to float32 before it is divided.',
  rounding: true,
  plant: spoilProduct((product, site) => {
    const { input, weights, output } = productScales(site);
    return { ...product, reals: weights.map((scale) => Math.fround(input * scale) / output) };
  }),
};
