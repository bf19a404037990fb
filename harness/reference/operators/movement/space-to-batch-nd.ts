import type { OperatorContext, OperatorReference } from '../../context.ts';
import { readSpaceBatch } from './space-batch.ts';
import { gatherByIndex } from './walk.ts';

/**
 * Pixels of a block into as many batches, the image padded first with code 0. TFLM never sets the value that it pads with
 * (space_to_batch_nd.cc leaves output_offset as the arena has it), so that an output with a zero point other than 0 has no
 * defined padding and is refused. (TFLM micro/kernels/space_to_batch_nd.cc, kernels/internal/reference/space_to_batch_nd.h)
 */
export const spaceToBatchNd: OperatorReference = {
  name: 'SPACE_TO_BATCH_ND',
  supports: 'float32, int8 (padded only with zero point 0); constant block shape and paddings, one or two spatial dimensions',
  prepare(context: OperatorContext) {
    const { input, output, block: [blockRows, blockColumns], before: [above, left], spatial, index } = readSpaceBatch(context, 'paddings');
    const [rows, columns] = spatial(input);
    const batches = input.tensor.shape[0] as number;
    context.require(output.tensor.shape[0] === batches * blockRows * blockColumns, 'the output does not have one batch for each pixel of a block');
    const zeroPoint = output.tensor.dtype === 'int8' ? (output.tensor.quantisation?.zeroPoint[0] ?? 0) : 0;
    const source = (at: readonly number[]): number[] | null => {
      const [batch = 0, outRow = 0] = at;
      const outColumn = at.length === 4 ? (at[2] as number) : 0;
      const pixel = Math.floor(batch / batches);
      const row = outRow * blockRows + Math.floor(pixel / blockColumns) - above;
      const column = outColumn * blockColumns + (pixel % blockColumns) - left;
      const inside = row >= 0 && row < rows && column >= 0 && column < columns;
      context.require(inside || zeroPoint === 0, `pads an output with zero point ${zeroPoint}, with what TFLM leaves undefined`);
      return inside ? index(batch % batches, row, column, at.at(-1) as number) : null;
    };
    return gatherByIndex(context, input, output, source, () => 0);
  },
};
