import { PRODUCTS } from '../plant/naive-product.ts';
import { spoilProduct } from './spoil.ts';
import { exceeds16Bits } from './sums.ts';
import type { Defect } from './defect.ts';

export const accumulatorWraps: Defect = {
  id: 'accumulator-wraps',
  causes: ['accumulator.wrapped'],
  operators: PRODUCTS,
  description: 'The sum has 16 bits and wraps around.',
  plant: spoilProduct((product) => (exceeds16Bits(product) ? { ...product, layer: { ...product.layer, accumulator: 'NAIVE_16_BITS_WRAPPING' } } : null)),
};
