import { channelsFirst } from './geometry.ts';
import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const inputNchw: Defect = {
  id: 'input-nchw',
  causes: ['layout.input'],
  operators: ['CONV_2D', 'DEPTHWISE_CONV_2D'],
  description: 'The input is read as if channels came before rows and columns.',
  plant: spoilLayer((_, site) => ({ inSteps: channelsFirst(site.input(0).shape) })),
};
