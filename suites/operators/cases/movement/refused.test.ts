/** Forms that TFLM can't run, or runs outside its memory: reference and generator both refuse them, and say why. */
import t from 'tap';
import { generateC } from '../../../../harness/codegen/index.ts';
import { HilError } from '../../../../harness/errors.ts';
import { prepareReference } from '../../../../harness/reference/index.ts';
import type { OperatorCase } from '../../case.ts';
import { prepareCase } from '../../prepared.ts';
import { constant, ints, of, oneOperator, type Part } from './one-operator.ts';

const table = (...data: readonly number[]): Part => ({ dtype: 'int32', shape: [data.length / 2, 2], data });
const other = { scale: 0.2, zeroPoint: -5 };
const bounds = (begin: number[], end: number[], strides: number[]): Part[] => [begin, end, strides].map((values) => ints(values));

const REFUSED: readonly OperatorCase[] = [
  oneOperator('reshape-other-size', 'RESHAPE', [of('int8', [4]), ints([5])], [of('int8', [5])]),
  oneOperator('expand-dims-int32', 'EXPAND_DIMS', [of('int32', [4]), ints([0])], [of('int32', [1, 4])]),
  oneOperator('concatenation-other-scale', 'CONCATENATION', [of('int8', [4]), of('int8', [4], other)], [of('int8', [8])]),
  oneOperator('concatenation-int16-zero-point', 'CONCATENATION', [of('int16', [4], { scale: 0.1, zeroPoint: 3 })], [of('int16', [4])]),
  oneOperator('concatenation-activation', 'CONCATENATION', [of('int8', [4]), of('int8', [4])], [of('int8', [8])], { options: { fused_activation_function: 1 } }),
  oneOperator('concatenation-eleven', 'CONCATENATION', Array.from({ length: 11 }, () => of('int8', [1])), [of('int8', [11])]),
  oneOperator('concatenation-too-short', 'CONCATENATION', [of('int8', [2])], [of('int8', [3])]),
  oneOperator('concatenation-axis', 'CONCATENATION', [of('int8', [2])], [of('int8', [2])], { options: { axis: 1 } }),
  oneOperator('pack-other-shape', 'PACK', [of('int8', [2]), of('int8', [2])], [of('int8', [2, 3])], { options: { values_count: 2 } }),
  oneOperator('unpack-too-few', 'UNPACK', [of('int8', [3, 2])], [of('int8', [2]), of('int8', [2])], { options: { num: 2 } }),
  oneOperator('split-computed-axis', 'SPLIT', [of('int32', [1]), of('int8', [4])], [of('int8', [2]), of('int8', [2])], { options: { num_splits: 2 } }),
  oneOperator('split-uneven', 'SPLIT', [ints(0), of('int8', [3])], [of('int8', [1]), of('int8', [2])], { options: { num_splits: 2 } }),
  oneOperator('slice-outside', 'SLICE', [of('int8', [4]), ints([3]), ints([2])], [of('int8', [2])]),
  oneOperator('slice-before', 'SLICE', [of('int8', [4]), ints([-1]), ints([2])], [of('int8', [2])]),
  oneOperator('slice-computed-size', 'SLICE', [of('int8', [4]), ints([0]), of('int32', [1])], [of('int8', [2])]),
  oneOperator('strided-slice-ellipsis', 'STRIDED_SLICE', [of('int8', [2, 3]), ...bounds([0], [0], [1])], [of('int8', [2, 3])], { options: { ellipsis_mask: 1 } }),
  oneOperator('strided-slice-new-axis', 'STRIDED_SLICE', [of('int8', [3]), ...bounds([0, 0], [0, 3], [1, 1])], [of('int8', [1, 3])], { options: { new_axis_mask: 1 } }),
  oneOperator('strided-slice-zero', 'STRIDED_SLICE', [of('int8', [3]), ...bounds([0], [3], [0])], [of('int8', [3])]),
  oneOperator('strided-slice-shrink-outside', 'STRIDED_SLICE', [of('int8', [3]), ...bounds([3], [4], [1])], [of('int8', [])], { options: { shrink_axis_mask: 1 } }),
  oneOperator('strided-slice-shrink-backwards', 'STRIDED_SLICE', [of('int8', [3]), ...bounds([2], [1], [-1])], [of('int8', [])], { options: { shrink_axis_mask: 1 } }),
  oneOperator('strided-slice-offset', 'STRIDED_SLICE', [of('int8', [3]), ...bounds([1], [1], [1])], [of('int8', [1])], { options: { offset: true } }),
  oneOperator('strided-slice-five-dimensions', 'STRIDED_SLICE', [of('int8', [1, 1, 1, 1, 3]), ...bounds([0, 0, 0, 0, 0], [1, 1, 1, 1, 3], [1, 1, 1, 1, 1])], [of('int8', [1, 1, 1, 1, 3])]),
  oneOperator('pad-negative', 'PAD', [of('int8', [4]), table(-1, 0)], [of('int8', [3])]),
  oneOperator('pad-bool', 'PAD', [of('bool', [4]), table(1, 0)], [of('bool', [5])]),
  oneOperator('padv2-other-scale', 'PADV2', [of('int8', [4]), table(1, 0), { ...of('int8', [1], other), data: [3] }], [of('int8', [5])]),
  oneOperator('mirror-pad-too-long', 'MIRROR_PAD', [of('int8', [3]), table(3, 0)], [of('int8', [6])], { options: { mode: 0 } }),
  oneOperator('transpose-twice-the-same', 'TRANSPOSE', [of('int8', [2, 2]), ints([0, 0])], [of('int8', [2, 2])]),
  oneOperator('transpose-negative', 'TRANSPOSE', [of('int8', [2, 2]), ints([-1, 0])], [of('int8', [2, 2])]),
  oneOperator('transpose-int32', 'TRANSPOSE', [of('int32', [2, 2]), ints([1, 0])], [of('int32', [2, 2])]),
  oneOperator('gather-outside', 'GATHER', [of('int8', [3]), ints([3])], [of('int8', [1])]),
  oneOperator('gather-int16', 'GATHER', [of('int16', [3]), ints([0])], [of('int16', [1])]),
  oneOperator('gather-nd-outside', 'GATHER_ND', [of('int8', [3, 2]), { dtype: 'int32', shape: [1, 2], data: [2, 2] }], [of('int8', [1])]),
  oneOperator('space-to-batch-padded-zero-point', 'SPACE_TO_BATCH_ND', [of('int8', [1, 1, 1, 1]), ints([2, 2]), table(0, 1, 0, 1)], [of('int8', [4, 1, 1, 1])]),
  oneOperator('batch-to-space-uneven', 'BATCH_TO_SPACE_ND', [of('int8', [3, 1, 1, 1]), ints([2, 2]), table(0, 0, 0, 0)], [of('int8', [1, 2, 2, 1])]),
  oneOperator('space-to-depth-uneven', 'SPACE_TO_DEPTH', [of('int8', [1, 3, 2, 1])], [of('int8', [1, 1, 1, 4])], { options: { block_size: 2 } }),
  oneOperator('resize-bilinear-both', 'RESIZE_BILINEAR', [of('int8', [1, 2, 2, 1]), ints([4, 4])], [of('int8', [1, 4, 4, 1])], { options: { align_corners: true, half_pixel_centers: true } }),
  oneOperator('resize-bilinear-rounded-up', 'RESIZE_BILINEAR', [of('int8', [1, 1, 2, 1]), ints([120, 2])], [of('int8', [1, 120, 2, 1])]),
  oneOperator('resize-bilinear-int16', 'RESIZE_BILINEAR', [of('int16', [1, 2, 2, 1]), ints([4, 4])], [of('int16', [1, 4, 4, 1])]),
  oneOperator('resize-nearest-other-size', 'RESIZE_NEAREST_NEIGHBOR', [of('int8', [1, 2, 2, 1]), ints([4, 4])], [of('int8', [1, 4, 5, 1])]),
  oneOperator('arg-max-int64', 'ARG_MAX', [of('int8', [3]), ints(0)], [of('int64', [])]),
  oneOperator('shape-int64', 'SHAPE', [of('int8', [3])], [of('int64', [1])]),
  oneOperator('fill-int16', 'FILL', [ints([3]), of('int16', [])], [of('int16', [3])]),
  oneOperator('broadcast-to-other', 'BROADCAST_TO', [of('int8', [2]), ints([3])], [of('int8', [3])]),
  oneOperator('reverse-apart', 'REVERSE_V2', [of('int8', [2, 2, 2]), ints([0, 2])], [of('int8', [2, 2, 2])]),
  oneOperator('reverse-twice-the-same', 'REVERSE_V2', [of('int8', [2, 2, 2]), ints([1, 1])], [of('int8', [2, 2, 2])]),
  oneOperator('tile-none', 'TILE', [of('int8', [4]), ints([0])], [of('int8', [0])]),
  oneOperator('tile-other-shape', 'TILE', [of('int8', [4]), ints([2])], [of('int8', [9])]),
  oneOperator('tile-too-few-multiples', 'TILE', [of('int8', [4, 2]), ints([2])], [of('int8', [8, 2])]),
  oneOperator('tile-computed-multiples', 'TILE', [of('int8', [4]), of('int32', [1])], [of('int8', [8])]),
  oneOperator('cumsum-fine-output', 'CUMSUM', [of('int8', [4], { scale: 1 }), ints(0)], [of('int8', [4], { scale: 2 ** -19 })]),
  oneOperator('dynamic-update-slice-too-large', 'DYNAMIC_UPDATE_SLICE', [of('int8', [2]), constant(of('int8', [3])), ints([0])], [of('int8', [2])]),
];

/** The reason of a refusal, or null where there was none. */
function refusal(work: () => void): string | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof HilError && typeof error.facts['reason'] === 'string') return error.facts['reason'];
    throw error;
  }
}

for (const one of REFUSED) {
  const { model } = prepareCase(one);
  t.match(refusal(() => void prepareReference(model)), /./, `${one.name}: reference`);
  t.match(refusal(() => void generateC(model, { name: 'refused' })), /./, `${one.name}: C`);
}
