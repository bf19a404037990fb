import { around } from '../plant/around.ts';
import type { Defect } from './defect.ts';

export const channelsRotated: Defect = {
  id: 'channels-rotated',
  causes: ['offset.channel'],
  operators: ['CONV_2D', 'DEPTHWISE_CONV_2D', 'FULLY_CONNECTED', 'ADD', 'CONCATENATION'],
  description: "Each channel holds the next one's values, the last one the first's.",
  plant: around(({ shape: [, , , channels] }) => (channels < 2 ? null : { after: '  planted_shifted(&shape, data, kept, 0, 0, 1, 1);\n' })),
};
