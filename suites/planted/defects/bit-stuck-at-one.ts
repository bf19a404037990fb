import { around } from '../plant/around.ts';
import type { Defect } from './defect.ts';

export const bitStuckAtOne: Defect = {
  id: 'bit-stuck-at-one',
  causes: ['memory.stuck-bit'],
  operators: ['CONV_2D', 'DEPTHWISE_CONV_2D', 'FULLY_CONNECTED', 'ADD', 'AVERAGE_POOL_2D', 'UNIDIRECTIONAL_SEQUENCE_LSTM'],
  description: 'Bit 4 of every element is 1.',
  plant: around(() => ({ after: '  for (uint32_t i = 0; i < sizeof kept; i += (uint32_t)shape.size) {\n    data[i] |= 0x10u;\n  }\n' })),
};
