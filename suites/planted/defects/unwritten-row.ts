import { around } from '../plant/around.ts';
import type { Defect } from './defect.ts';

export const unwrittenRow: Defect = {
  id: 'unwritten-row',
  causes: ['memory.unwritten'],
  operators: ['CONV_2D', 'MAX_POOL_2D', 'UNIDIRECTIONAL_SEQUENCE_LSTM', 'PAD'],
  description: 'The last row is not written.',
  plant: around(({ shape: [, rows] }) => (rows < 2 ? null : { before: '  memcpy(kept, data, sizeof kept);\n', after: '  planted_unwritten(&shape, data, kept, shape.batches, shape.rows - 1, shape.channels);\n' })),
};
