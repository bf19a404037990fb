import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const activationSixCodes: Defect = {
  id: 'activation-six-codes',
  causes: ['activation.bounds'],
  operators: ['CONV_2D', 'DEPTHWISE_CONV_2D'],
  description: 'RELU6 ends six codes above the zero point instead of at 6.0.',
  plant: spoilLayer(({ low, high, outputZeroPoint }) => (high === 127 ? null : { low, high: outputZeroPoint + 6 })),
};
