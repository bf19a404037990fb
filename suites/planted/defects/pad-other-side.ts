import { spoilCopy } from './spoil.ts';
import type { Defect } from './defect.ts';

export const padOtherSide: Defect = {
  id: 'pad-other-side',
  causes: ['padding.side', 'offset.row'],
  operators: ['PAD'],
  description: 'One row of what must come before comes after. The whole image is a row early, which is the same thing here.',
  plant: spoilCopy(({ fill, blocks }) => ({ fill, blocks: blocks.map((block) => ({ ...block, to: block.to - (block.outSteps[1] as number) })) })),
};
