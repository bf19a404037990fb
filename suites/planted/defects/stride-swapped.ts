import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const strideSwapped: Defect = {
  id: 'stride-swapped',
  causes: ['window.stride'],
  operators: ['CONV_2D', 'DEPTHWISE_CONV_2D'],
  description: 'The strides of rows and columns are swapped.',
  plant: spoilLayer(({ strideRows, strideColumns }) => (strideRows === strideColumns ? null : { strideRows: strideColumns, strideColumns: strideRows })),
};
