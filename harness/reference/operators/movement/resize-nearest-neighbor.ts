import { roundHalfAway } from '../../../numerics/index.ts';
import type { OperatorContext, OperatorReference } from '../../context.ts';
import { readResize, type Resize } from './resize.ts';
import { gatherByIndex, requireType } from './walk.ts';

const { fround } = Math;

/**
 * The nearest pixel, its row and column computed in float32.
 * (TFLM micro/kernels/resize_nearest_neighbor.cc, kernels/internal/reference/resize_nearest_neighbor.h)
 */
export const resizeNearestNeighbor: OperatorReference = {
  name: 'RESIZE_NEAREST_NEIGHBOR',
  supports: 'float32, int8, int16; constant size, align_corners, half_pixel_centers',
  prepare(context: OperatorContext) {
    const resize = readResize(context);
    const { input, output } = resize;
    requireType(context, input, ['float32', 'int8', 'int16'], 'input');
    const [, rows = 0, columns = 0] = input.tensor.shape;
    const [, outRows = 0, outColumns = 0] = output.tensor.shape;
    return gatherByIndex(context, input, output, ([batch = 0, row = 0, column = 0, channel = 0]) =>
      [batch, nearest(row, rows, outRows, resize), nearest(column, columns, outColumns, resize), channel]);
  },
};

function nearest(at: number, size: number, outSize: number, { alignCorners, halfPixelCenters }: Resize): number {
  const scale = alignCorners && outSize > 1 ? fround((size - 1) / (outSize - 1)) : fround(size / outSize);
  const position = fround(fround(at + (halfPixelCenters ? 0.5 : 0)) * scale);
  return Math.max(Math.min(alignCorners ? roundHalfAway(position) : Math.floor(position), size - 1), 0);
}
