import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const zeroPointWeights: Defect = {
  id: 'zero-point-weights',
  causes: ['zero-point.weights'],
  operators: ['FULLY_CONNECTED'],
  description: 'The code of the weights is used as it is.',
  plant: spoilLayer(({ weightsZeroPoint }) => (weightsZeroPoint === 0 ? null : { weightsZeroPoint: 0 })),
};
