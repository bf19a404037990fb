import { PRODUCTS } from '../plant/naive-product.ts';
import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const zeroPointOutput: Defect = {
  id: 'zero-point-output',
  causes: ['zero-point.output'],
  operators: PRODUCTS,
  description: 'The zero point of the output is not added before the limits.',
  plant: spoilLayer(({ outputZeroPoint }) => (outputZeroPoint === 0 ? null : { outputZeroPoint: 0 })),
};
