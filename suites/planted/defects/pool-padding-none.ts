import { isSame } from './geometry.ts';
import { spoilPool } from './spoil.ts';
import type { Defect } from './defect.ts';

export const poolPaddingNone: Defect = {
  id: 'pool-padding-none',
  causes: ['padding.valid'],
  operators: ['AVERAGE_POOL_2D', 'MAX_POOL_2D'],
  description: 'SAME is treated as VALID: windows begin at the first element.',
  plant: spoilPool(({ padRows, padColumns }, site) => (isSame(site) && padRows + padColumns > 0 ? { padRows: 0, padColumns: 0 } : null)),
};
