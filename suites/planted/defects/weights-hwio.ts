import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const weightsHwio: Defect = {
  id: 'weights-hwio',
  causes: ['layout.weights'],
  operators: ['CONV_2D'],
  description: 'OHWI weights are read as HWIO.',
  plant: spoilLayer(({ depth, outChannels, kernelColumns, kernelRows }) => (depth * outChannels * kernelRows * kernelColumns === 1 ? null : { weightSteps: [1, kernelColumns * depth * outChannels, depth * outChannels, outChannels] })),
};
