import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const lastRowOfKernel: Defect = {
  id: 'last-row-of-kernel',
  causes: ['window.incomplete'],
  operators: ['CONV_2D', 'DEPTHWISE_CONV_2D'],
  description: 'The last row of the kernel is not summed.',
  plant: spoilLayer(({ kernelRows }) => (kernelRows < 2 ? null : { kernelRows: kernelRows - 1 })),
};
