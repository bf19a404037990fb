import { isSame } from './geometry.ts';
import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const paddingNone: Defect = {
  id: 'padding-none',
  causes: ['padding.valid'],
  operators: ['CONV_2D', 'DEPTHWISE_CONV_2D'],
  description: 'SAME is treated as VALID: windows begin at the first element; what lies beyond the image counts nothing.',
  plant: spoilLayer(({ padRows, padColumns }, site) => (isSame(site) && padRows + padColumns > 0 ? { padRows: 0, padColumns: 0 } : null)),
};
