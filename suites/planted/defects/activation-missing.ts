import { PRODUCTS } from '../plant/naive-product.ts';
import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const activationMissing: Defect = {
  id: 'activation-missing',
  causes: ['activation.missing'],
  operators: PRODUCTS,
  description: 'No limits but those of the type.',
  plant: spoilLayer(({ low, high }) => (low === -128 && high === 127 ? null : { low: -128, high: 127 })),
};
