import type { OperatorContext, OperatorReference } from '../../context.ts';
import { readSpaceBatch } from './space-batch.ts';
import { gatherByIndex } from './walk.ts';

/**
 * Batches into the pixels of blocks, the image cropped afterwards.
 * (TFLM micro/kernels/batch_to_space_nd.cc, kernels/internal/reference/batch_to_space_nd.h)
 */
export const batchToSpaceNd: OperatorReference = {
  name: 'BATCH_TO_SPACE_ND',
  supports: 'float32, int8; constant block shape and crops, one or two spatial dimensions',
  prepare(context: OperatorContext) {
    const { input, output, block: [blockRows, blockColumns], before: [above, left], index } = readSpaceBatch(context, 'crops');
    const batches = output.tensor.shape[0] as number;
    context.require(input.tensor.shape[0] === batches * blockRows * blockColumns, 'the input does not have one batch for each pixel of a block');
    // An output that is larger than what the blocks give reads outside the input, which gatherByIndex() refuses.
    return gatherByIndex(context, input, output, (at) => {
      const [batch = 0, outRow = 0] = at;
      const row = outRow + above;
      const column = (at.length === 4 ? (at[2] as number) : 0) + left;
      const pixel = (row % blockRows) * blockColumns + (column % blockColumns);
      return index(pixel * batches + batch, Math.floor(row / blockRows), Math.floor(column / blockColumns), at.at(-1) as number);
    });
  },
};
