import type { TensorData } from '../../runner.ts';
import type { OperatorContext, OperatorReference } from '../../context.ts';
import { readPoolRange } from './pool-range.ts';
import { readPoolWindow, type PoolWindow } from './pool-window.ts';

/**
 * Mean of the pixels of a window that are inside the image, zero points not involved; integers round half away from zero.
 * (TFLM kernels/internal/reference/integer_ops/pooling.h and pooling.h, AveragePool)
 */
export const averagePool2d: OperatorReference = {
  name: 'AVERAGE_POOL_2D',
  supports: 'int8, int16, float32; input and output of one scale and zero point',
  prepare(context: OperatorContext) {
    const window = readPoolWindow(context);
    const { isFloat, least, greatest } = readPoolRange(context);
    context.require(isFloat || window.pixels * 32768.5 < 2 ** 31, `${window.pixels} pixels in a window: the sum can leave int32`);
    const input = context.input(0, 'input').data;
    const output = context.output().data;
    const divide = isFloat ? (sum: number, count: number) => Math.fround(sum / count) : roundedQuotient;
    const add = isFloat ? (sum: number, value: number) => Math.fround(sum + value) : (sum: number, value: number) => sum + value;
    return () => window.forEach((from, to, rows, columns) => {
      for (let c = 0; c < window.depth; c++) {
        const sum = fold(window, input, from + c, rows, columns, 0, add);
        const value = divide(sum, rows * columns);
        output[to + c] = value < least ? least : value > greatest ? greatest : value;
      }
    });
  },
};

/** sum / count to nearest, ties away from zero. */
function roundedQuotient(sum: number, count: number): number {
  const half = Math.trunc(count / 2);
  return Math.trunc((sum > 0 ? sum + half : sum - half) / count);
}

/** One channel of a window, row by row, folded by `combine`. */
export function fold({ depth, rowStep }: PoolWindow, input: TensorData, from: number, rows: number, columns: number, start: number, combine: (so: number, value: number) => number): number {
  let result = start;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) result = combine(result, input[from + row * rowStep + column * depth] as number);
  }
  return result;
}
