import { PRODUCTS } from '../plant/naive-product.ts';
import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const outputWraps: Defect = {
  id: 'output-wraps',
  causes: ['output.wrapped'],
  operators: PRODUCTS,
  description: 'The result is cut to 8 bits instead of limited to them.',
  plant: spoilLayer(({ low, high }) => (low === -128 && high === 127 ? { low: -0x7fffffff, high: 0x7fffffff } : null)),
};
