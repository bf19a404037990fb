import { around } from '../plant/around.ts';
import type { Defect } from './defect.ts';

export const rowsReversed: Defect = {
  id: 'rows-reversed',
  causes: ['steps.order'],
  operators: ['CONV_2D', 'MAX_POOL_2D', 'UNIDIRECTIONAL_SEQUENCE_LSTM', 'CONCATENATION'],
  description: 'The last row is written first.',
  plant: around(({ shape: [batches, rows, columns, channels], elementBytes }) => (rows < 2 || batches > 1 ? null : { after: `  planted_reversed(data, kept, ${rows}, ${columns * channels * elementBytes});\n` })),
};
