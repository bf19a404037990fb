import { spoilElementwise } from './spoil.ts';
import type { Defect } from './defect.ts';

export const sumActivationMissing: Defect = {
  id: 'sum-activation-missing',
  causes: ['activation.missing'],
  operators: ['ADD', 'SUB', 'MUL'],
  description: 'No limits but those of the type.',
  plant: spoilElementwise(({ low, high }) => (low === -128 && high === 127 ? null : { low: -128, high: 127 })),
};
