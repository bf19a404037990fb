import { around } from '../plant/around.ts';
import type { Defect } from './defect.ts';

export const scratchOverlaps: Defect = {
  id: 'scratch-overlaps',
  causes: ['memory.overlap'],
  operators: ['CONV_2D', 'DEPTHWISE_CONV_2D', 'FULLY_CONNECTED', 'AVERAGE_POOL_2D', 'ADD'],
  description: 'Scratch with a copy of the input lies over the end of the output: a part of the output is bytes of the input.',
  plant: around(({ bytes, site }) => {
    const size = Math.min(24, Math.floor(bytes / 2), site.bytes(site.input(0)));
    const input = site.address(site.input(0));
    return { before: `  memcpy(kept, ${input}, ${size}u);\n`, after: `  memcpy(data + ${bytes - size}, kept, ${size}u);\n` };
  }),
};
