import { isSame } from './geometry.ts';
import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const paddingZero: Defect = {
  id: 'padding-zero',
  causes: ['padding.zero'],
  operators: ['CONV_2D', 'DEPTHWISE_CONV_2D'],
  description: 'Taps outside the image are the code 0, from which the zero point is subtracted.',
  plant: spoilLayer((layer, site) => (isSame(site) && layer.inputZeroPoint !== 0 ? { outside: -layer.inputZeroPoint } : null)),
};
