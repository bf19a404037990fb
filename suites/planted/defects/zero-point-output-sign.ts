import { PRODUCTS } from '../plant/naive-product.ts';
import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const zeroPointOutputSign: Defect = {
  id: 'zero-point-output-sign',
  causes: ['zero-point.output-sign'],
  operators: PRODUCTS,
  description: 'The zero point of the output is subtracted.',
  plant: spoilLayer(({ outputZeroPoint }) => (outputZeroPoint === 0 ? null : { outputZeroPoint: -outputZeroPoint })),
};
