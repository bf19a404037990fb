import type { OperatorContext, OperatorReference } from '../../context.ts';
import { fold } from './average-pool-2d.ts';
import { readPoolRange } from './pool-range.ts';
import { readPoolWindow } from './pool-window.ts';

/** Root of the mean square of the pixels of a window. (TFLM kernels/internal/reference/pooling.h, L2Pool) */
export const l2Pool2d: OperatorReference = {
  name: 'L2_POOL_2D',
  supports: 'float32',
  prepare(context: OperatorContext) {
    const window = readPoolWindow(context);
    const { isFloat, least, greatest } = readPoolRange(context);
    context.require(isFloat, 'only float32');
    const input = context.input(0, 'input').data;
    const output = context.output().data;
    const addSquare = (so: number, value: number): number => Math.fround(so + Math.fround(value * value));
    return () => window.forEach((from, to, rows, columns) => {
      for (let c = 0; c < window.depth; c++) {
        const sum = fold(window, input, from + c, rows, columns, 0, addSquare);
        // A root in double, rounded once more, is the correctly rounded float32 root.
        const value = Math.fround(Math.sqrt(Math.fround(sum / (rows * columns))));
        output[to + c] = value < least ? least : value > greatest ? greatest : value;
      }
    });
  },
};
