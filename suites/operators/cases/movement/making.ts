import type { OperatorCase } from '../../case.ts';
import { ints, of, oneOperator } from './one-operator.ts';

const BROADCASTS: readonly (readonly [from: number[], to: number[]])[] = [
  [[1], [5]], [[], [2, 3]], [[3], [2, 3]], [[2, 1], [2, 4]], [[1, 3], [4, 3]], [[1, 3, 1], [2, 3, 4]], [[2, 1, 4], [2, 3, 4]], [[2, 3], [2, 3]], [[1, 1, 1], [2, 3, 4]], [[2, 1, 3, 1, 2], [2, 2, 3, 2, 2]], [[1, 4], [1, 2, 3, 4]],
];

const SHAPES: readonly (readonly [a: number[], b: number[], result: number])[] = [[[1, 3], [2, 1], 2], [[4], [2, 3, 1], 3], [[2, 3], [2, 3], 2], [[5, 1, 7], [1], 3]];

/** SHAPE, FILL, ZEROS_LIKE, BROADCAST_TO and BROADCAST_ARGS. */
export const making: readonly OperatorCase[] = [
  ...(['int8', 'int16', 'float32'] as const).map((dtype) => oneOperator(`shape-${dtype}`, 'SHAPE', [of(dtype, [2, 3, 1, 5])], [of('int32', [4])], { options: { out_type: 2 }, samples: 1 })),
  oneOperator('shape-vector', 'SHAPE', [of('int8', [7])], [of('int32', [1])], { options: { out_type: 2 }, samples: 1 }),
  ...(['int8', 'int32', 'float32'] as const).flatMap((dtype) => [
    oneOperator(`fill-${dtype}`, 'FILL', [ints([3, 5]), of(dtype, [])], [of(dtype, [3, 5])]),
    oneOperator(`fill-${dtype}-constant`, 'FILL', [ints([2, 3, 4]), { ...of(dtype, []), data: [-77] }], [of(dtype, [2, 3, 4])], { samples: 1 }),
  ]),
  ...(['int8', 'int32', 'int64', 'float32'] as const).map((dtype) => oneOperator(`zeros-like-${dtype}`, 'ZEROS_LIKE', [of(dtype, [3, 5])], [of(dtype, [3, 5])], { samples: 2 })),
  ...BROADCASTS.flatMap(([from, to]) => (from.length === 3 ? (['int8', 'int16', 'int32', 'int64', 'bool', 'float32'] as const) : (['int8'] as const)).map((dtype) =>
    oneOperator(`broadcast-to-${from.join('x') || 'scalar'}-to-${to.join('x')}-${dtype}`, 'BROADCAST_TO', [of(dtype, from), ints(to)], [of(dtype, to)], { samples: 2 }))),
  oneOperator('broadcast-to-int64-shape', 'BROADCAST_TO', [of('int8', [3, 1]), { dtype: 'int64', shape: [2], data: [3, 4] }], [of('int8', [3, 4])]),
  ...SHAPES.flatMap(([a, b, length], k) => (['int32', 'int64'] as const).map((dtype) =>
    oneOperator(`broadcast-args-${k}-${dtype}`, 'BROADCAST_ARGS', [of(dtype, [a.length]), of(dtype, [b.length])], [of(dtype, [length])], { samples: 1, inputs: [[a, b]] }))),
];
