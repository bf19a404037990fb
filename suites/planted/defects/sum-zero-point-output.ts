import { spoilElementwise } from './spoil.ts';
import type { Defect } from './defect.ts';

export const sumZeroPointOutput: Defect = {
  id: 'sum-zero-point-output',
  causes: ['zero-point.output'],
  operators: ['ADD', 'SUB', 'MUL'],
  description: 'The zero point of the output is not added.',
  plant: spoilElementwise(({ outputZeroPoint }) => (outputZeroPoint === 0 ? null : { outputZeroPoint: 0 })),
};
