import { spoilPool } from './spoil.ts';
import type { Defect } from './defect.ts';

export const poolStrideSwapped: Defect = {
  id: 'pool-stride-swapped',
  causes: ['window.stride'],
  operators: ['AVERAGE_POOL_2D', 'MAX_POOL_2D'],
  description: 'The strides of rows and columns are swapped.',
  plant: spoilPool(({ strideRows, strideColumns }) => (strideRows === strideColumns ? null : { strideRows: strideColumns, strideColumns: strideRows })),
};
