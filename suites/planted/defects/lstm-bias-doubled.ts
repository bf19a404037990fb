import { spoilStarts } from '../plant/lstm.ts';
import type { Defect } from './defect.ts';

export const lstmBiasDoubled: Defect = {
  id: 'lstm-bias-doubled',
  causes: ['bias.doubled'],
  operators: ['UNIDIRECTIONAL_SEQUENCE_LSTM'],
  description: 'Every gate adds its bias twice.',
  plant: spoilStarts(({ bias, fold }) => bias.map((value, unit) => 2 * value + (fold[unit] as number))),
};
