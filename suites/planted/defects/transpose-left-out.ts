import { spoilCopy } from './spoil.ts';
import type { Defect } from './defect.ts';

export const transposeLeftOut: Defect = {
  id: 'transpose-left-out',
  causes: ['layout.output', 'layout.input', 'memory.overlap'],
  operators: ['TRANSPOSE'],
  description: 'The bytes are copied as they are: the output has those of the input, whatever the reason.',
  plant: spoilCopy(({ fill, blocks }) => ({ fill, blocks: blocks.map((block) => ({ ...block, inSteps: block.outSteps })) })),
};
