import { isSame } from './geometry.ts';
import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const paddingSame: Defect = {
  id: 'padding-same',
  causes: ['padding.valid'],
  operators: ['CONV_2D', 'DEPTHWISE_CONV_2D'],
  description: 'VALID is treated as SAME: the first window begins before the image.',
  plant: spoilLayer((layer, site) => (isSame(site) ? null : { padRows: Math.floor(((layer.kernelRows - 1) * layer.dilationRows) / 2), padColumns: Math.floor(((layer.kernelColumns - 1) * layer.dilationColumns) / 2) })),
};
