import { around } from '../plant/around.ts';
import type { Defect } from './defect.ts';

export const outputTransposed: Defect = {
  id: 'output-transposed',
  causes: ['layout.output'],
  operators: ['CONV_2D', 'DEPTHWISE_CONV_2D', 'MAX_POOL_2D', 'SUB'],
  description: 'The output is written columns first.',
  plant: around(({ shape: [, rows, columns] }) => (rows < 2 || columns < 2 ? null : { after: '  planted_turned(&shape, data, kept, 0);\n' })),
};
