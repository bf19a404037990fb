import { PRODUCTS } from '../plant/naive-product.ts';
import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const zeroPointInput: Defect = {
  id: 'zero-point-input',
  causes: ['zero-point.input'],
  operators: PRODUCTS,
  description: 'The code of the input is used as it is; taps outside count nothing.',
  plant: spoilLayer(({ inputZeroPoint }) => (inputZeroPoint === 0 ? null : { inputZeroPoint: 0 })),
};
