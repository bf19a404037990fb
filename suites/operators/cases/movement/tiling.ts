import type { OperatorCase } from '../../case.ts';
import { constant, ints, of, oneOperator } from './one-operator.ts';

type Shape = readonly number[];

const TYPES = ['int8', 'uint8', 'int16', 'int32', 'int64', 'bool', 'float32'] as const;

const TILED: readonly (readonly [shape: Shape, multiples: Shape])[] = [
  [[1], [1]], [[1], [5]], [[7], [3]], [[3], [16]], [[5], [1]], [[2, 3], [1, 2]], [[2, 3], [2, 1]], [[2, 3], [3, 2]], [[1, 4], [17, 1]], [[4, 1], [1, 5]], [[1, 1], [3, 3]],
  [[2, 1, 3], [2, 4, 1]], [[2, 3, 2], [2, 1, 2]], [[1, 2, 3, 4], [1, 2, 2, 1]], [[1, 1, 1, 16], [1, 3, 3, 1]], [[1, 3, 5, 1], [1, 1, 1, 8]], [[1, 2, 2, 3], [2, 2, 2, 2]],
];

/** Of more loops than one copy has. */
const DEEP: readonly (readonly [shape: Shape, multiples: Shape])[] = [[[2, 2, 3, 2], [2, 2, 2, 2]], [[2, 2, 2, 2, 2], [1, 2, 1, 2, 3]], [[2, 3, 2, 1, 2], [2, 1, 2, 2, 2]]];

function tileCase(dtype: (typeof TYPES)[number], [shape, multiples]: readonly [Shape, Shape]): OperatorCase {
  const name = `tile-${shape.join('x')}-by-${multiples.join('x')}-${dtype}`;
  return oneOperator(name, 'TILE', [of(dtype, shape), ints(multiples)], [of(dtype, shape.map((size, axis) => size * (multiples[axis] as number)))], { samples: 2, oracle: 'litert' });
}

/** TILE, which TFLM does not have. */
export const tiling: readonly OperatorCase[] = [
  ...TILED.flatMap((tiled) => (tiled[0].length === 2 ? TYPES : (['int8', 'int16'] as const)).map((dtype) => tileCase(dtype, tiled))),
  ...DEEP.flatMap((tiled) => [tileCase('int8', tiled), tileCase('float32', tiled)]),
  oneOperator('tile-int64-multiples', 'TILE', [of('int8', [2, 3]), { dtype: 'int64', shape: [2], data: [2, 2] }], [of('int8', [4, 6])], { oracle: 'litert' }),
  oneOperator('tile-constant', 'TILE', [constant(of('int8', [2, 3])), ints([2, 2])], [of('int8', [4, 6])], { samples: 1, oracle: 'litert' }),
  oneOperator('tile-other-scale', 'TILE', [of('int8', [3]), ints([2])], [of('int8', [6], { scale: 0.7, zeroPoint: 11 })], { oracle: 'litert' }),
];
