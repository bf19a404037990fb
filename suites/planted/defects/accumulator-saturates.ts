import { PRODUCTS } from '../plant/naive-product.ts';
import { spoilProduct } from './spoil.ts';
import { exceeds16Bits } from './sums.ts';
import type { Defect } from './defect.ts';

export const accumulatorSaturates: Defect = {
  id: 'accumulator-saturates',
  causes: ['accumulator.saturated'],
  operators: PRODUCTS,
  description: 'The sum has 16 bits and stops at their ends, product after product; the bias comes last.',
  plant: spoilProduct((product) => (exceeds16Bits(product) ? { ...product, layer: { ...product.layer, accumulator: 'NAIVE_16_BITS_SATURATING' } } : null)),
};
