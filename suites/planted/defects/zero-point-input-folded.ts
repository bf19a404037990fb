import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const zeroPointInputFolded: Defect = {
  id: 'zero-point-input-folded',
  causes: ['zero-point.input'],
  operators: ['CONV_2D', 'DEPTHWISE_CONV_2D'],
  description: 'Padded with the zero point, which is then not subtracted from any tap: the constant part of the bias was forgotten.',
  plant: spoilLayer(({ inputZeroPoint, padRows, padColumns }) => (inputZeroPoint === 0 || padRows + padColumns === 0 ? null : { inputZeroPoint: 0, outside: inputZeroPoint })),
};
