import { changeConstants } from '../plant/constants.ts';
import type { Defect } from './defect.ts';

export const lstmTableSteeper: Defect = {
  id: 'lstm-table-steeper',
  causes: ['table.other'],
  operators: ['UNIDIRECTIONAL_SEQUENCE_LSTM'],
  description: 'The gates use a sigmoid of another slope: sigmoid(i / 20) where the table has sigmoid(i / 24).',
  plant: ({ manifest: { name } }) => ({ kind: 'files', edit: (files) =>
    changeConstants(files, name, (one) => one === `${name}_sigmoid`, ({ values }) => values.map((_, i) => Math.min(65535, Math.round(65536 / (1 + Math.exp(-i / 20)))))) }),
};
