import { columnsFirst } from './geometry.ts';
import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const inputTransposed: Defect = {
  id: 'input-transposed',
  causes: ['layout.input'],
  operators: ['CONV_2D', 'DEPTHWISE_CONV_2D'],
  description: 'The input is read as if columns came before rows.',
  plant: spoilLayer((_, site) => ({ inSteps: columnsFirst(site.input(0).shape) })),
};
