import { spoilPool } from './spoil.ts';
import type { Defect } from './defect.ts';

export const poolSumWraps: Defect = {
  id: 'pool-sum-wraps',
  causes: ['accumulator.wrapped'],
  operators: ['AVERAGE_POOL_2D'],
  description: 'The sum of a window has 8 bits.',
  plant: spoilPool(() => ({ narrow: 8 })),
};
