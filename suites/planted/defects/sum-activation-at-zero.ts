import { spoilElementwise } from './spoil.ts';
import type { Defect } from './defect.ts';

export const sumActivationAtZero: Defect = {
  id: 'sum-activation-at-zero',
  causes: ['activation.bounds'],
  operators: ['ADD', 'SUB', 'MUL'],
  description: 'RELU at the code 0 instead of the zero point.',
  plant: spoilElementwise(({ low, outputZeroPoint }) => (low === -128 || outputZeroPoint === 0 ? null : { low: 0 })),
};
