import { around } from '../plant/around.ts';
import type { Defect } from './defect.ts';

export const channelsLate: Defect = {
  id: 'channels-late',
  causes: ['offset.channel'],
  operators: ['CONV_2D', 'AVERAGE_POOL_2D'],
  description: 'Each channel holds the values of the one before; the first is right.',
  plant: around(({ shape: [, , , channels] }) => (channels < 2 ? null : { after: '  planted_shifted(&shape, data, kept, 0, 0, -1, 0);\n' })),
};
