import type { OperatorCase } from '../../case.ts';
import { ints, of, oneOperator, type Part } from './one-operator.ts';

const table = (...data: readonly number[]): Part => ({ dtype: 'int32', shape: [data.length / 2, 2], data });
const zeroed = (shape: readonly number[]): Part => of('int8', shape, { scale: 0.1, zeroPoint: 0 });

/** SPACE_TO_BATCH_ND, BATCH_TO_SPACE_ND, SPACE_TO_DEPTH and DEPTH_TO_SPACE. */
export const blocks: readonly OperatorCase[] = [
  ...(['int8', 'float32'] as const).flatMap((dtype) => [
    oneOperator(`space-to-batch-${dtype}`, 'SPACE_TO_BATCH_ND', [of(dtype, [1, 4, 4, 3]), ints([2, 2]), table(0, 0, 0, 0)], [of(dtype, [4, 2, 2, 3])]),
    oneOperator(`space-to-batch-${dtype}-batches`, 'SPACE_TO_BATCH_ND', [of(dtype, [2, 4, 6, 2]), ints([2, 3]), table(0, 0, 0, 0)], [of(dtype, [12, 2, 2, 2])]),
    oneOperator(`space-to-batch-${dtype}-one-dimension`, 'SPACE_TO_BATCH_ND', [of(dtype, [2, 6, 3]), ints([3]), table(0, 0)], [of(dtype, [6, 2, 3])]),
    oneOperator(`batch-to-space-${dtype}`, 'BATCH_TO_SPACE_ND', [of(dtype, [4, 2, 2, 3]), ints([2, 2]), table(0, 0, 0, 0)], [of(dtype, [1, 4, 4, 3])]),
    oneOperator(`batch-to-space-${dtype}-batches-cropped`, 'BATCH_TO_SPACE_ND', [of(dtype, [12, 2, 2, 2]), ints([2, 3]), table(1, 0, 0, 2)], [of(dtype, [2, 3, 4, 2])]),
    oneOperator(`batch-to-space-${dtype}-one-dimension`, 'BATCH_TO_SPACE_ND', [of(dtype, [6, 3, 2]), ints([3]), table(2, 1)], [of(dtype, [2, 6, 2])]),
    ...[1, 2, 3].flatMap((block) => [
      oneOperator(`space-to-depth-${dtype}-block${block}`, 'SPACE_TO_DEPTH', [of(dtype, [2, 2 * block, 3 * block, 2])], [of(dtype, [2, 2, 3, 2 * block * block])], { options: { block_size: block }, samples: 1 }),
      oneOperator(`depth-to-space-${dtype}-block${block}`, 'DEPTH_TO_SPACE', [of(dtype, [2, 2, 3, 2 * block * block])], [of(dtype, [2, 2 * block, 3 * block, 2])], { options: { block_size: block }, samples: 1 }),
    ]),
  ]),
  oneOperator('space-to-batch-padded-float32', 'SPACE_TO_BATCH_ND', [of('float32', [1, 3, 3, 1]), ints([2, 2]), table(1, 0, 0, 1)], [of('float32', [4, 2, 2, 1])]),
  oneOperator('space-to-batch-padded-int8', 'SPACE_TO_BATCH_ND', [zeroed([2, 5, 3, 2]), ints([2, 3]), table(2, 1, 1, 2)], [zeroed([12, 4, 2, 2])]),
  oneOperator('space-to-batch-padded-one-dimension', 'SPACE_TO_BATCH_ND', [zeroed([1, 5, 4]), ints([4]), table(4, 3)], [zeroed([4, 3, 4])]),
  oneOperator('space-to-batch-all-padding', 'SPACE_TO_BATCH_ND', [zeroed([1, 1, 1, 1]), ints([2, 2]), table(0, 1, 0, 1)], [zeroed([4, 1, 1, 1])]),
  oneOperator('space-to-batch-block-1', 'SPACE_TO_BATCH_ND', [zeroed([1, 2, 2, 1]), ints([1, 1]), table(1, 1, 1, 0)], [zeroed([1, 4, 3, 1])]),
  oneOperator('batch-to-space-cropped-to-one', 'BATCH_TO_SPACE_ND', [of('int8', [4, 2, 2, 1]), ints([2, 2]), table(1, 2, 3, 0)], [of('int8', [1, 1, 1, 1])]),
  oneOperator('depth-to-space-channels-of-four', 'DEPTH_TO_SPACE', [of('int8', [1, 2, 2, 16])], [of('int8', [1, 4, 4, 4])], { options: { block_size: 2 } }),
];
