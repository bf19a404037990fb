import { isSame } from './geometry.ts';
import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const paddingLeast: Defect = {
  id: 'padding-least',
  causes: ['padding.value'],
  operators: ['CONV_2D', 'DEPTHWISE_CONV_2D'],
  description: 'Taps outside the image are the code -128.',
  plant: spoilLayer(({ inputZeroPoint, padRows, padColumns }, site) => (isSame(site) && padRows + padColumns > 0 && inputZeroPoint !== -128 ? { outside: -128 - inputZeroPoint } : null)),
};
