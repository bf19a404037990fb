import { PRODUCTS } from '../plant/naive-product.ts';
import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const zeroPointInputSign: Defect = {
  id: 'zero-point-input-sign',
  causes: ['zero-point.input-sign'],
  operators: PRODUCTS,
  description: 'The zero point is added where it must be subtracted.',
  plant: spoilLayer(({ inputZeroPoint }) => (inputZeroPoint === 0 ? null : { inputZeroPoint: -inputZeroPoint })),
};
