import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const activationUnlimited: Defect = {
  id: 'activation-unlimited',
  causes: ['activation.bounds'],
  operators: ['CONV_2D', 'DEPTHWISE_CONV_2D'],
  description: 'RELU6 as RELU: no upper bound.',
  plant: spoilLayer(({ high }) => (high === 127 ? null : { high: 127 })),
};
