import { around } from '../plant/around.ts';
import type { Defect } from './defect.ts';

export const bytesReversed: Defect = {
  id: 'bytes-reversed',
  causes: ['memory.byte-order'],
  operators: ['CONV_2D', 'ADD', 'FULLY_CONNECTED'],
  description: 'The two bytes of each int16 are swapped.',
  plant: around(({ elementBytes }) => (elementBytes !== 2 ? null : { after: '  for (uint32_t i = 0; i < sizeof kept; i += 2u) {\n    planted_reversed(data + i, kept, 2, 1);\n  }\n' })),
};
