import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const lastInputs: Defect = {
  id: 'last-inputs',
  causes: ['window.incomplete'],
  operators: ['CONV_2D', 'FULLY_CONNECTED'],
  description: 'Input channels after the last multiple of four are not summed.',
  plant: spoilLayer(({ depth }) => (depth < 4 || depth % 4 === 0 ? null : { depth: depth - (depth % 4) })),
};
