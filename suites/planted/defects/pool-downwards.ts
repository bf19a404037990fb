import { spoilPool } from './spoil.ts';
import type { Defect } from './defect.ts';

export const poolDownwards: Defect = {
  id: 'pool-downwards',
  causes: ['pool.rounding'],
  operators: ['AVERAGE_POOL_2D'],
  description: 'The mean is rounded down.',
  plant: spoilPool(() => ({ mean: 'NAIVE_DOWNWARDS' })),
};
