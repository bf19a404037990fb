import { around } from '../plant/around.ts';
import type { Defect } from './defect.ts';

export const firstOutput: Defect = {
  id: 'first-output',
  causes: ['memory.stale'],
  operators: ['CONV_2D', 'FULLY_CONNECTED', 'MAX_POOL_2D', 'LOGISTIC'],
  description: 'The layer is run for the first sample alone; its result is given again and again.',
  plant: around(() => ({ after: '  static int32_t runs;\n  if (runs++ == 0) {\n    memcpy(kept, data, sizeof kept);\n  }\n  memcpy(data, kept, sizeof kept);\n' })),
};
