import { around } from '../plant/around.ts';
import type { Defect } from './defect.ts';

export const sevenBits: Defect = {
  id: 'seven-bits',
  causes: ['memory.truncated-range'],
  operators: ['CONV_2D', 'FULLY_CONNECTED', 'ADD', 'MAX_POOL_2D'],
  description: 'Values are limited to -64..63.',
  plant: around(({ elementBytes }) => (elementBytes !== 1 ? null : { after: '  for (uint32_t i = 0; i < sizeof kept; i++) {\n    const int8_t code = (int8_t)data[i];\n    data[i] = (uint8_t)(code < -64 ? -64 : code > 63 ? 63 : code);\n  }\n' })),
};
