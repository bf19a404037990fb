import { around } from '../plant/around.ts';
import type { Defect } from './defect.ts';

export const rowsEarly: Defect = {
  id: 'rows-early',
  causes: ['offset.row'],
  operators: ['CONV_2D', 'DEPTHWISE_CONV_2D', 'MAX_POOL_2D', 'ADD'],
  description: "Each row holds the next one's values; the last is right.",
  plant: around(({ shape: [, rows] }) => (rows < 2 ? null : { after: '  planted_shifted(&shape, data, kept, 1, 0, 0, 0);\n' })),
};
