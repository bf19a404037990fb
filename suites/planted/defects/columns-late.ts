import { around } from '../plant/around.ts';
import type { Defect } from './defect.ts';

export const columnsLate: Defect = {
  id: 'columns-late',
  causes: ['offset.row'],
  operators: ['CONV_2D', 'DEPTHWISE_CONV_2D', 'AVERAGE_POOL_2D', 'TRANSPOSE'],
  description: 'Each column holds the values of the one before; the first is right.',
  plant: around(({ shape: [, , columns] }) => (columns < 2 ? null : { after: '  planted_shifted(&shape, data, kept, 0, -1, 0, 0);\n' })),
};
