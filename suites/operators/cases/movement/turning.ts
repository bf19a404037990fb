import type { OperatorCase } from '../../case.ts';
import { constant, ints, of, oneOperator } from './one-operator.ts';

const PERMUTATIONS: readonly (readonly [shape: number[], permutation: number[]])[] = [
  [[7], [0]], [[3, 5], [1, 0]], [[3, 5], [0, 1]], [[1, 16], [1, 0]], [[2, 3, 4], [2, 0, 1]], [[2, 3, 4], [1, 0, 2]], [[2, 3, 4], [0, 2, 1]], [[2, 3, 4], [2, 1, 0]],
  [[1, 4, 5, 3], [0, 3, 1, 2]], [[1, 3, 4, 5], [0, 2, 3, 1]], [[2, 3, 4, 8], [0, 2, 1, 3]], [[2, 3, 4, 5], [3, 2, 1, 0]], [[2, 1, 3, 2, 3], [4, 2, 0, 1, 3]], [[2, 3, 2, 3, 2], [4, 3, 2, 1, 0]],
];

/** TRANSPOSE and REVERSE_V2. */
export const turning: readonly OperatorCase[] = [
  ...PERMUTATIONS.flatMap(([shape, permutation]) => (['int8', 'int16', 'float32'] as const).map((dtype) =>
    oneOperator(`transpose-${shape.join('x')}-by-${permutation.join('')}-${dtype}`, 'TRANSPOSE', [of(dtype, shape), ints(permutation)], [of(dtype, permutation.map((axis) => shape[axis] as number))], { samples: 2 }))),
  oneOperator('transpose-constant', 'TRANSPOSE', [constant(of('int8', [4, 4])), ints([1, 0])], [of('int8', [4, 4])], { samples: 1 }),
  ...(['int8', 'uint8', 'int16', 'int32', 'int64', 'bool', 'float32'] as const).flatMap((dtype) => [[0], [1], [-1], [0, 1], [2, 1], [0, 1, 2]].map((axes) =>
    oneOperator(`reverse-${dtype}-axes${axes.join('')}`, 'REVERSE_V2', [of(dtype, [3, 2, 4]), ints(axes)], [of(dtype, [3, 2, 4])], { samples: 2 }))),
  oneOperator('reverse-one', 'REVERSE_V2', [of('int8', [1]), ints([0])], [of('int8', [1])]),
  oneOperator('reverse-vector', 'REVERSE_V2', [of('int8', [17]), ints([0])], [of('int8', [17])]),
  oneOperator('reverse-rows-of-four', 'REVERSE_V2', [of('int8', [5, 8]), ints([0])], [of('int8', [5, 8])]),
];
