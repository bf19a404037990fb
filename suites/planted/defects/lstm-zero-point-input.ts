import { spoilStarts } from '../plant/lstm.ts';
import type { Defect } from './defect.ts';

export const lstmZeroPointInput: Defect = {
  id: 'lstm-zero-point-input',
  causes: ['zero-point.input'],
  operators: ['UNIDIRECTIONAL_SEQUENCE_LSTM'],
  description: 'No gate subtracts the zero point of the input; that of the hidden state is subtracted.',
  plant: spoilStarts(({ bias }) => bias),
};
