import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const weightsTransposed: Defect = {
  id: 'weights-transposed',
  causes: ['layout.weights'],
  operators: ['FULLY_CONNECTED'],
  description: 'Weights [outputs, inputs] are read as [inputs, outputs].',
  plant: spoilLayer(({ outChannels }) => ({ weightSteps: [1, 0, 0, outChannels] })),
};
