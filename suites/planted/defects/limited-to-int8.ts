import { around } from '../plant/around.ts';
import type { Defect } from './defect.ts';

export const limitedToInt8: Defect = {
  id: 'limited-to-int8',
  causes: ['memory.truncated-range'],
  operators: ['CONV_2D', 'ADD'],
  description: 'int16 values are limited to -128..127.',
  plant: around(({ elementBytes }) => (elementBytes !== 2 ? null : { after: '  int16_t *const wide = (int16_t *)(void *)data;\n  for (uint32_t i = 0; i < sizeof kept / 2u; i++) {\n    wide[i] = wide[i] < -128 ? -128 : wide[i] > 127 ? 127 : wide[i];\n  }\n' })),
};
