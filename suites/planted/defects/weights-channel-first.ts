import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const weightsChannelFirst: Defect = {
  id: 'weights-channel-first',
  causes: ['layout.weights'],
  operators: ['DEPTHWISE_CONV_2D'],
  description: 'Depthwise weights [1, H, W, C] are read as [C, H, W].',
  plant: spoilLayer(({ kernelRows, kernelColumns }) => ({ weightSteps: [kernelRows * kernelColumns, kernelColumns, 1, 0] })),
};
