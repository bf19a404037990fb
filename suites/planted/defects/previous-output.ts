import { around } from '../plant/around.ts';
import type { Defect } from './defect.ts';

export const previousOutput: Defect = {
  id: 'previous-output',
  causes: ['memory.stale'],
  operators: ['CONV_2D', 'DEPTHWISE_CONV_2D', 'FULLY_CONNECTED', 'SOFTMAX', 'ADD'],
  description: 'Two buffers take turns, and the other one is given on: each sample gets the output of the one before.',
  plant: around(() => ({ after: '  static uint8_t last[sizeof kept];\n  memcpy(kept, data, sizeof kept);\n  memcpy(data, last, sizeof last);\n  memcpy(last, kept, sizeof last);\n' })),
};
