import type { OperatorCase } from '../../case.ts';
import { ints, of, oneOperator } from './one-operator.ts';

const SIZES: readonly (readonly [from: [number, number], to: [number, number]])[] = [
  [[2, 2], [4, 4]], [[3, 3], [3, 3]], [[3, 5], [7, 4]], [[5, 5], [2, 3]], [[1, 1], [3, 3]], [[4, 4], [1, 1]], [[1, 5], [2, 16]], [[3, 2], [9, 8]], [[7, 17], [5, 11]], [[2, 3], [1, 1]],
];

/** align_corners, half_pixel_centers */
const MODES: readonly (readonly [name: string, alignCorners: boolean, halfPixelCenters: boolean])[] = [['corner', false, false], ['aligned', true, false], ['half-pixel', false, true]];

/** RESIZE_BILINEAR and RESIZE_NEAREST_NEIGHBOR. */
export const resizing: readonly OperatorCase[] = [
  ...MODES.flatMap(([mode, align, half]) => SIZES.flatMap(([from, to]) => [
    ...(['int8', 'float32'] as const).map((dtype) => resize('RESIZE_BILINEAR', dtype, from, to, mode, align, half)),
    ...(['int8', 'int16', 'float32'] as const).map((dtype) => resize('RESIZE_NEAREST_NEIGHBOR', dtype, from, to, mode, align, half)),
  ])),
  ...SIZES.map(([from, to]) => resize('RESIZE_NEAREST_NEIGHBOR', 'int8', from, to, 'aligned-half-pixel', true, true)),
  resize('RESIZE_NEAREST_NEIGHBOR', 'int8', [3, 3], [9, 6], 'channels-of-four', false, false, [1, 4]),
  resize('RESIZE_BILINEAR', 'int8', [2, 2], [23, 2], 'long', true, false, [1, 1]),
  ties(),
];

function resize(op: string, dtype: 'int8' | 'int16' | 'float32', from: readonly [number, number], to: readonly [number, number], mode: string, align: boolean, half: boolean, [batches, channels]: readonly [number, number] = [2, 2]): OperatorCase {
  return oneOperator(`${op.toLowerCase().replaceAll('_', '-')}-${mode}-${from.join('x')}-to-${to.join('x')}-${dtype}`, op,
    [of(dtype, [batches, ...from, channels]), ints(to)], [of(dtype, [batches, ...to, channels])], { options: { align_corners: align, half_pixel_centers: half }, samples: 1 });
}

/** Half-way between two codes, of both signs. */
function ties(): OperatorCase {
  const pairs = [-128, -127, -3, -2, -1, 0, 1, 2, 126].flatMap((code) => [code, code + 1]);
  return oneOperator('resize-bilinear-ties', 'RESIZE_BILINEAR', [of('int8', [9, 1, 2, 1]), ints([1, 4])], [of('int8', [9, 1, 4, 1])], { samples: 1, inputs: [[pairs]] });
}
