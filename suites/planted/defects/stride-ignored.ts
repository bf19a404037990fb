import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const strideIgnored: Defect = {
  id: 'stride-ignored',
  causes: ['window.stride'],
  operators: ['CONV_2D', 'DEPTHWISE_CONV_2D'],
  description: 'Windows move by one.',
  plant: spoilLayer(({ strideRows, strideColumns }) => (strideRows * strideColumns === 1 ? null : { strideRows: 1, strideColumns: 1 })),
};
