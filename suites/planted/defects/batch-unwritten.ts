import { around } from '../plant/around.ts';
import type { Defect } from './defect.ts';

export const batchUnwritten: Defect = {
  id: 'batch-unwritten',
  causes: ['batch.ignored', 'memory.unwritten'],
  operators: ['CONV_2D', 'AVERAGE_POOL_2D', 'FULLY_CONNECTED'],
  description: 'Only the first batch is computed; the others hold what lay there.',
  plant: around(({ shape: [batches] }) => (batches < 2 ? null : { before: '  memcpy(kept, data, sizeof kept);\n', after: '  planted_unwritten(&shape, data, kept, 1, shape.rows, shape.channels);\n' })),
};
