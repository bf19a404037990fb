import type { DType } from '../../../../harness/model/graph.ts';
import type { OperatorCase } from '../../case.ts';
import { of, oneOperator, type Part } from './one-operator.ts';

const table = (pairs: readonly (readonly [number, number])[], dtype: DType = 'int32'): Part => ({ dtype, shape: [pairs.length, 2], data: pairs.flat() });
const grown = (shape: readonly number[], pairs: readonly (readonly [number, number])[]): number[] => shape.map((size, axis) => size + (pairs[axis]?.[0] ?? 0) + (pairs[axis]?.[1] ?? 0));

const BORDERS: readonly (readonly [name: string, shape: number[], pairs: [number, number][]])[] = [
  ['image', [1, 3, 3, 2], [[0, 0], [1, 1], [1, 1], [0, 0]]],
  ['one-sided', [1, 4, 5, 3], [[0, 0], [0, 1], [0, 2], [0, 0]]],
  ['everywhere', [2, 3, 2, 3], [[1, 0], [2, 1], [0, 2], [1, 3]]],
  ['vector', [5], [[3, 2]]],
  ['nothing', [2, 3], [[0, 0], [0, 0]]],
  ['before', [3, 2], [[2, 0], [0, 0]]],
  ['after', [3, 2], [[0, 2], [0, 0]]],
  ['channels', [1, 2, 2, 3], [[0, 0], [0, 0], [0, 0], [0, 1]]],
  ['five-dimensions', [2, 1, 2, 1, 2], [[0, 1], [1, 1], [0, 0], [1, 0], [1, 1]]],
  ['channels-of-four', [1, 2, 3, 4], [[0, 0], [1, 0], [1, 1], [0, 0]]],
  ['one-element', [1, 1, 1, 1], [[0, 0], [1, 1], [1, 1], [0, 0]]],
];

const TYPES = ['int8', 'int16', 'int32', 'float32'] as const;

const value = (part: Part, data: number): Part => ({ ...part, shape: [1], data: [data] });

/** PAD, PADV2 and MIRROR_PAD. */
export const bordering: readonly OperatorCase[] = [
  ...BORDERS.flatMap(([name, shape, pairs]) => (name === 'image' || name === 'everywhere' ? TYPES : (['int8'] as const)).flatMap((dtype) => [
    oneOperator(`pad-${name}-${dtype}`, 'PAD', [of(dtype, shape), table(pairs)], [of(dtype, grown(shape, pairs))], { samples: 2 }),
    oneOperator(`padv2-${name}-${dtype}`, 'PADV2', [of(dtype, shape), table(pairs), value(of(dtype, []), dtype === 'int16' ? -12345 : 77)], [of(dtype, grown(shape, pairs))], { samples: 2 }),
  ])),
  ...[-128, 0, 127].map((zeroPoint) => oneOperator(`pad-zero-point${zeroPoint}`, 'PAD', [of('int8', [2, 3], { scale: 0.1, zeroPoint }), table([[1, 1], [1, 0]])], [of('int8', [4, 4], { scale: 0.1, zeroPoint })])),
  oneOperator('pad-other-zero-point', 'PAD', [of('int8', [3], { scale: 0.1, zeroPoint: 5 }), table([[1, 1]])], [of('int8', [5], { scale: 0.3, zeroPoint: -7 })]),
  oneOperator('padv2-computed-value', 'PADV2', [of('int8', [2, 2]), table([[1, 0], [0, 1]]), of('int8', [])], [of('int8', [3, 3])]),
  oneOperator('padv2-computed-value-float32', 'PADV2', [of('float32', [2, 2]), table([[1, 0], [0, 1]]), of('float32', [1])], [of('float32', [3, 3])]),
  oneOperator('padv2-float32-negative-zero', 'PADV2', [of('float32', [2]), table([[1, 2]]), value(of('float32', []), -0)], [of('float32', [5])]),
  oneOperator('padv2-int32-large', 'PADV2', [of('int32', [3]), table([[2, 1]]), value(of('int32', []), -(2 ** 31))], [of('int32', [6])]),
  ...(['int8', 'float32'] as const).flatMap((dtype) => [0, 1].flatMap((mode) => [
    mirrored(`${mode === 0 ? 'reflect' : 'symmetric'}-image-${dtype}`, dtype, [1, 4, 3, 2], [[0, 0], [2, 2], [1, 2], [0, 0]], mode),
    mirrored(`${mode === 0 ? 'reflect' : 'symmetric'}-everywhere-${dtype}`, dtype, [3, 3, 4], [[1, 2], [2, 1], [2, 2]], mode),
  ])),
  mirrored('symmetric-whole', 'int8', [3, 2], [[3, 3], [2, 2]], 1),
  mirrored('reflect-whole', 'int8', [3, 2], [[2, 2], [1, 1]], 0),
  mirrored('reflect-long-after', 'int8', [3, 3], [[0, 5], [0, 0]], 0),
  mirrored('symmetric-long-after', 'int8', [3], [[1, 6]], 1),
  mirrored('int64-paddings', 'int8', [4, 3], [[1, 1], [0, 2]], 0, 'int64'),
  mirrored('nothing', 'int8', [4, 3], [[0, 0], [0, 0]], 0),
];

function mirrored(name: string, dtype: DType, shape: number[], pairs: [number, number][], mode: number, paddings: DType = 'int32'): OperatorCase {
  return oneOperator(`mirror-pad-${name}`, 'MIRROR_PAD', [of(dtype, shape), table(pairs, paddings)], [of(dtype, grown(shape, pairs))], { options: { mode }, samples: 2 });
}
