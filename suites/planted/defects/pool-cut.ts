import { spoilPool } from './spoil.ts';
import type { Defect } from './defect.ts';

export const poolCut: Defect = {
  id: 'pool-cut',
  causes: ['pool.rounding'],
  operators: ['AVERAGE_POOL_2D'],
  description: 'The mean is cut off towards zero.',
  plant: spoilPool(() => ({ mean: 'NAIVE_CUT' })),
};
