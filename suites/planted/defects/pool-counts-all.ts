import { isSame } from './geometry.ts';
import { spoilPool } from './spoil.ts';
import type { Defect } from './defect.ts';

export const poolCountsAll: Defect = {
  id: 'pool-counts-all',
  causes: ['pool.count'],
  operators: ['AVERAGE_POOL_2D'],
  description: 'The mean always divides by the size of the window.',
  plant: spoilPool((_, site) => (isSame(site) ? { countAll: 1 } : null)),
};
