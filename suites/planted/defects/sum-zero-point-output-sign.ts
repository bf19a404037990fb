import { spoilElementwise } from './spoil.ts';
import type { Defect } from './defect.ts';

export const sumZeroPointOutputSign: Defect = {
  id: 'sum-zero-point-output-sign',
  causes: ['zero-point.output-sign'],
  operators: ['ADD', 'SUB', 'MUL'],
  description: 'The zero point of the output is subtracted.',
  plant: spoilElementwise(({ outputZeroPoint }) => (outputZeroPoint === 0 ? null : { outputZeroPoint: -outputZeroPoint })),
};
