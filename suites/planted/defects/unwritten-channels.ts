import { around } from '../plant/around.ts';
import type { Defect } from './defect.ts';

export const unwrittenChannels: Defect = {
  id: 'unwritten-channels',
  causes: ['memory.unwritten'],
  operators: ['CONV_2D', 'DEPTHWISE_CONV_2D', 'ADD', 'AVERAGE_POOL_2D', 'CONCATENATION'],
  description: 'The channels after the last multiple of four are not written.',
  plant: around(({ shape: [, , , channels] }) => (channels % 4 === 0 || channels < 4 ? null : { before: '  memcpy(kept, data, sizeof kept);\n', after: `  planted_unwritten(&shape, data, kept, shape.batches, shape.rows, ${channels - (channels % 4)});\n` })),
};
