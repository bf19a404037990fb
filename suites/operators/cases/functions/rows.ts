import type { OperatorCase } from '../../case.ts';
import { single, type Side } from './graph.ts';

const FLOAT: Side = { dtype: 'float32' };
const SHAPES = [[1, 1], [3, 2], [2, 5], [1, 12], [2, 2, 17], [1, 200], [2, 3, 2, 33]] as const;
const ZERO_POINTS = [-128, 0, 127, 5];

const rows = (depth: number, values: readonly ((i: number) => number)[]): number[] => values.flatMap((f) => Array.from({ length: depth }, (_, i) => f(i)));

/** Near 0 the difference of two logarithms has no relative bound; these results are not there. */
const logSoftmax: readonly OperatorCase[] = [
  ...[0.0001, 0.004, 0.0235, 0.0625, 0.1, 0.25, 0.7, 3, 20].flatMap((scale, i) => {
    const input: Side = { dtype: 'int8', scale, zeroPoint: ZERO_POINTS[i % 4] as number };
    const output: Side = { dtype: 'int8', scale: 1 / 16, zeroPoint: 127 };
    const given = rows(40, [() => 5, (k) => (k === 7 ? 127 : -128), (k) => k - 20, (k) => 127 - 6 * k]);
    return [
      single(`log-softmax-int8-${i}`, 'LOG_SOFTMAX', input, output, SHAPES[i % SHAPES.length] as readonly number[]),
      single(`log-softmax-int8-${i}-rows`, 'LOG_SOFTMAX', input, output, [4, 40], {}, { samples: 1, inputs: [[given]] }),
    ];
  }),
  single('log-softmax-int8-2000', 'LOG_SOFTMAX', { dtype: 'int8', scale: 0.01, zeroPoint: 0 }, { dtype: 'int8', scale: 1 / 16, zeroPoint: 127 }, [1, 2000], {}, { samples: 1 }),
  ...SHAPES.map((shape, i) => single(`log-softmax-float32-${i}`, 'LOG_SOFTMAX', FLOAT, FLOAT, shape, {}, { ulp: 4 })),
];

const l2Normalization: readonly OperatorCase[] = [
  ...SHAPES.flatMap((shape, i) => [
    single(`l2-normalization-int8-${i}`, 'L2_NORMALIZATION', { dtype: 'int8', scale: 0.1, zeroPoint: ZERO_POINTS[i % 4] as number }, { dtype: 'int8', scale: 1 / 128, zeroPoint: 0 }, shape),
    single(`l2-normalization-float32-${i}`, 'L2_NORMALIZATION', FLOAT, FLOAT, shape),
  ]),
  // Sums of squares of 0, 1, 2, 3 and more, each of which begins Newton's steps elsewhere.
  single('l2-normalization-int8-small', 'L2_NORMALIZATION', { dtype: 'int8', scale: 0.1, zeroPoint: 3 }, { dtype: 'int8', scale: 1 / 128, zeroPoint: 0 }, [9, 4], {},
    { samples: 1, inputs: [[[3, 3, 3, 3, 4, 3, 3, 3, 3, 2, 4, 3, 2, 2, 2, 3, 2, 2, 4, 4, 1, 3, 3, 3, 0, 1, 4, 5, -128, -128, -128, -128, 127, 3, 3, 3]]] }),
  single('l2-normalization-int8-4000', 'L2_NORMALIZATION', { dtype: 'int8', scale: 0.1, zeroPoint: -128 }, { dtype: 'int8', scale: 1 / 128, zeroPoint: 0 }, [1, 4000], {}, { samples: 1 }),
  single('l2-normalization-float32-tiny', 'L2_NORMALIZATION', FLOAT, FLOAT, [3, 4], {}, { samples: 1, inputs: [[[0, 0, 0, 0, 1e-7, -1e-8, 0, 1e-30, 1e18, -1e19, 3, 1e-20]]] }),
];

export const rowFunctions: readonly OperatorCase[] = [...logSoftmax, ...l2Normalization];
