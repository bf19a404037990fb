import { PRODUCTS } from '../plant/naive-product.ts';
import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const zeroPointInputDoubled: Defect = {
  id: 'zero-point-input-doubled',
  causes: ['zero-point.doubled'],
  operators: PRODUCTS,
  description: 'The zero point of the input is subtracted twice: by the caller and by the kernel.',
  plant: spoilLayer(({ inputZeroPoint }) => (inputZeroPoint === 0 ? null : { inputZeroPoint: 2 * inputZeroPoint })),
};
