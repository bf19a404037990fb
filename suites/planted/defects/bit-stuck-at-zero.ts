import { around } from '../plant/around.ts';
import type { Defect } from './defect.ts';

export const bitStuckAtZero: Defect = {
  id: 'bit-stuck-at-zero',
  causes: ['memory.stuck-bit'],
  operators: ['CONV_2D', 'SUB', 'SOFTMAX', 'TANH', 'DEPTHWISE_CONV_2D'],
  description: 'Bit 1 of every element is 0.',
  plant: around(() => ({ after: '  for (uint32_t i = 0; i < sizeof kept; i += (uint32_t)shape.size) {\n    data[i] &= 0xFDu;\n  }\n' })),
};
