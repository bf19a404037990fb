import { PRODUCTS } from '../plant/naive-product.ts';
import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const activationAtZero: Defect = {
  id: 'activation-at-zero',
  causes: ['activation.bounds'],
  operators: PRODUCTS,
  description: 'RELU at the code 0 instead of the zero point.',
  plant: spoilLayer(({ low, outputZeroPoint }) => (low === -128 || outputZeroPoint === 0 ? null : { low: 0 })),
};
