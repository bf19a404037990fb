import { spoilPool } from './spoil.ts';
import type { Defect } from './defect.ts';

export const poolStrideIgnored: Defect = {
  id: 'pool-stride-ignored',
  causes: ['window.stride'],
  operators: ['AVERAGE_POOL_2D', 'MAX_POOL_2D'],
  description: 'Windows move by one.',
  plant: spoilPool(({ strideRows, strideColumns }) => (strideRows * strideColumns === 1 ? null : { strideRows: 1, strideColumns: 1 })),
};
