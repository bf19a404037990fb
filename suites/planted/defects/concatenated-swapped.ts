import { spoilCopy } from './spoil.ts';
import type { Defect } from './defect.ts';

export const concatenatedSwapped: Defect = {
  id: 'concatenated-swapped',
  causes: ['operands.swapped'],
  operators: ['CONCATENATION'],
  description: 'The parts are joined in the other order.',
  plant: spoilCopy(({ fill, blocks: [first, second] }) => {
    if (first === undefined || second === undefined) return null;
    const width = second.sizes[3] as number;
    return { fill, blocks: [{ ...second, to: 0 }, { ...first, to: width }] };
  }),
};
