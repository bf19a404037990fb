import { PRODUCTS } from '../plant/naive-product.ts';
import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const zeroPointOutputDoubled: Defect = {
  id: 'zero-point-output-doubled',
  causes: ['zero-point.doubled'],
  operators: PRODUCTS,
  description: 'The zero point of the output is added twice.',
  plant: spoilLayer(({ outputZeroPoint }) => (outputZeroPoint === 0 ? null : { outputZeroPoint: 2 * outputZeroPoint })),
};
