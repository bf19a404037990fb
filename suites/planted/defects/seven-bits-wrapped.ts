import { around } from '../plant/around.ts';
import type { Defect } from './defect.ts';

export const sevenBitsWrapped: Defect = {
  id: 'seven-bits-wrapped',
  causes: ['memory.truncated-range'],
  operators: ['CONV_2D', 'DEPTHWISE_CONV_2D'],
  description: 'Values keep seven bits and wrap around to -64..63.',
  plant: around(({ elementBytes }) => (elementBytes !== 1 ? null : { after: '  for (uint32_t i = 0; i < sizeof kept; i++) {\n    const uint8_t low = data[i] & 0x7Fu;\n    data[i] = (low & 0x40u) != 0u ? low | 0x80u : low;\n  }\n' })),
};
