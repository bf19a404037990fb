import { spoilCopy } from './spoil.ts';
import type { Defect } from './defect.ts';

export const padOtherSide: Defect = {
  id: 'pad-other-side',
  causes: ['padding.side'],
  operators: ['PAD'],
  description: 'What must come before comes after: the image begins one row earlier.',
  plant: spoilCopy(({ fill, blocks }) => ({ fill, blocks: blocks.map((block) => ({ ...block, to: block.to - (block.outSteps[1] as number) })) })),
};
