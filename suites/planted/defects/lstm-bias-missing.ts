import { spoilStarts } from '../plant/lstm.ts';
import type { Defect } from './defect.ts';

export const lstmBiasMissing: Defect = {
  id: 'lstm-bias-missing',
  causes: ['bias.missing'],
  operators: ['UNIDIRECTIONAL_SEQUENCE_LSTM'],
  description: 'No gate has its bias.',
  plant: spoilStarts(({ fold }) => fold),
};
