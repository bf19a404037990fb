import { isSame } from './geometry.ts';
import { spoilPool } from './spoil.ts';
import type { Defect } from './defect.ts';

export const poolPaddingZero: Defect = {
  id: 'pool-padding-zero',
  causes: ['padding.zero'],
  operators: ['MAX_POOL_2D'],
  description: 'Taps outside the image are the code 0.',
  plant: spoilPool((_, site) => (isSame(site) ? { outsideCounts: 1 } : null)),
};
