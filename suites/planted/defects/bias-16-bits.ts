import { PRODUCTS } from '../plant/naive-product.ts';
import { spoilProduct } from './spoil.ts';
import type { Defect } from './defect.ts';

export const bias16Bits: Defect = {
  id: 'bias-16-bits',
  causes: ['bias.narrow'],
  operators: PRODUCTS,
  description: 'The bias keeps its lower 16 bits.',
  plant: spoilProduct((product) => {
    const bias = product.bias.map((value) => (value << 16) >> 16);
    return bias.some((value, channel) => value !== product.bias[channel]) ? { ...product, bias } : null;
  }),
};
