import { around } from '../plant/around.ts';
import type { Defect } from './defect.ts';

export const outputNchw: Defect = {
  id: 'output-nchw',
  causes: ['layout.output'],
  operators: ['CONV_2D', 'DEPTHWISE_CONV_2D', 'AVERAGE_POOL_2D', 'ADD', 'CONCATENATION'],
  description: 'The output is written channel after channel.',
  plant: around(({ shape: [, rows, columns, channels] }) => (channels < 2 || rows * columns < 2 ? null : { after: '  planted_turned(&shape, data, kept, 1);\n' })),
};
