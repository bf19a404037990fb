import type { OperatorContext, OperatorReference } from '../../context.ts';
import { fold } from './average-pool-2d.ts';
import { readPoolRange } from './pool-range.ts';
import { readPoolWindow } from './pool-window.ts';

/**
 * Greatest of the pixels of a window that are inside the image. A NaN never wins a comparison.
 * (TFLM kernels/internal/reference/integer_ops/pooling.h and pooling.h, MaxPool)
 */
export const maxPool2d: OperatorReference = {
  name: 'MAX_POOL_2D',
  supports: 'int8, int16, float32; input and output of one scale and zero point',
  prepare(context: OperatorContext) {
    const window = readPoolWindow(context);
    const { isFloat, least, greatest } = readPoolRange(context);
    const input = context.input(0, 'input').data;
    const output = context.output().data;
    // TFLM starts at the lowest finite value, which only -infinity is below.
    const start = isFloat ? -3.4028234663852886e38 : -32768;
    const greater = (so: number, value: number): number => (so < value ? value : so);
    return () => window.forEach((from, to, rows, columns) => {
      for (let c = 0; c < window.depth; c++) {
        const value = fold(window, input, from + c, rows, columns, start, greater);
        output[to + c] = value < least ? least : value > greatest ? greatest : value;
      }
    });
  },
};
