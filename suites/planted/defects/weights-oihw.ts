import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const weightsOihw: Defect = {
  id: 'weights-oihw',
  causes: ['layout.weights'],
  operators: ['CONV_2D'],
  description: 'OHWI weights are read as OIHW.',
  plant: spoilLayer(({ depth, kernelRows, kernelColumns }) => (depth === 1 || kernelRows * kernelColumns === 1 ? null : { weightSteps: [depth * kernelRows * kernelColumns, kernelColumns, 1, kernelRows * kernelColumns] })),
};
