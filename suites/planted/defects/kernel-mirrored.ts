import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const kernelMirrored: Defect = {
  id: 'kernel-mirrored',
  causes: ['window.flipped'],
  operators: ['CONV_2D', 'DEPTHWISE_CONV_2D'],
  description: 'The kernel is applied from its other end, rows and columns.',
  plant: spoilLayer(({ kernelRows, kernelColumns }) => (kernelRows * kernelColumns === 1 ? null : { mirrored: 1 })),
};
