import { spoilElementwise } from './spoil.ts';
import type { Defect } from './defect.ts';

export const sumOutputWraps: Defect = {
  id: 'sum-output-wraps',
  causes: ['output.wrapped'],
  operators: ['ADD', 'SUB', 'MUL'],
  description: 'The result is cut to 8 bits instead of limited to them.',
  plant: spoilElementwise(() => ({ low: -0x7fffffff, high: 0x7fffffff })),
};
