import { channelsFirst } from './geometry.ts';
import { spoilPool } from './spoil.ts';
import type { Defect } from './defect.ts';

export const poolInputNchw: Defect = {
  id: 'pool-input-nchw',
  causes: ['layout.input'],
  operators: ['AVERAGE_POOL_2D', 'MAX_POOL_2D'],
  description: 'The input is read as if channels came before rows and columns.',
  plant: spoilPool((_, site) => ({ inSteps: channelsFirst(site.input(0).shape) })),
};
