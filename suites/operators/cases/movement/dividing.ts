import type { OperatorCase } from '../../case.ts';
import { constant, ints, of, oneOperator } from './one-operator.ts';

const values = (length: number): number[] => Array.from({ length }, (_, i) => ((i * 41) % 251) - 125);

const TYPES = ['int8', 'int16', 'int32', 'float32'] as const;

/** SPLIT, SPLIT_V, UNPACK and SLICE. */
export const dividing: readonly OperatorCase[] = [
  ...TYPES.flatMap((dtype) => [0, 1, 2, -1, -2].map((axis) =>
    oneOperator(`split-${dtype}-axis${axis}`, 'SPLIT', [ints(axis), of(dtype, [4, 6, 2])], [0, 1].map(() => of(dtype, [4, 6, 2].with(axis, ([4, 6, 2].at(axis) as number) / 2))), { options: { num_splits: 2 }, samples: 2 }))),
  oneOperator('split-one', 'SPLIT', [ints([0]), of('int8', [3, 2])], [of('int8', [3, 2])], { options: { num_splits: 1 } }),
  oneOperator('split-lstm-gates', 'SPLIT', [ints(1), of('int8', [1, 64])], [0, 1, 2, 3].map(() => of('int8', [1, 16])), { options: { num_splits: 4 } }),
  oneOperator('split-constant', 'SPLIT', [ints(1), constant(of('int8', [2, 6]))], [0, 1, 2].map(() => of('int8', [2, 2])), { options: { num_splits: 3 }, samples: 1 }),
  ...TYPES.flatMap((dtype) => [0, 1, -1].map((axis) =>
    oneOperator(`split-v-${dtype}-axis${axis}`, 'SPLIT_V', [of(dtype, [6, 6]), ints([1, 3, 2]), ints(axis)], [1, 3, 2].map((length) => of(dtype, [6, 6].with(axis, length))), { options: { num_splits: 3 }, samples: 2 }))),
  oneOperator('split-v-rest', 'SPLIT_V', [of('int8', [2, 7, 3]), ints([2, -1]), ints(1)], [of('int8', [2, 2, 3]), of('int8', [2, 5, 3])], { options: { num_splits: 2 } }),
  ...TYPES.flatMap((dtype) => [0, 1, 2, -1, -3].map((axis) =>
    oneOperator(`unpack-${dtype}-axis${axis}`, 'UNPACK', [of(dtype, [3, 3, 3])], [0, 1, 2].map(() => of(dtype, [3, 3])), { options: { axis, num: 3 }, samples: 2 }))),
  oneOperator('unpack-scalars', 'UNPACK', [of('int8', [2])], [of('int8', []), of('int8', [])], { options: { axis: 0, num: 2 } }),
  oneOperator('unpack-one', 'UNPACK', [of('int8', [5, 1])], [of('int8', [5])], { options: { axis: 1, num: 1 } }),
  ...(['int8', 'int16', 'int32', 'bool', 'float32'] as const).flatMap((dtype) => [
    oneOperator(`slice-${dtype}`, 'SLICE', [of(dtype, [4, 5, 6]), ints([1, 2, 3]), ints([2, 3, 2])], [of(dtype, [2, 3, 2])], { samples: 2 }),
    oneOperator(`slice-${dtype}-rows`, 'SLICE', [of(dtype, [5, 3, 4]), ints([2, 0, 0]), ints([2, -1, -1])], [of(dtype, [2, 3, 4])], { samples: 2 }),
  ]),
  oneOperator('slice-five-dimensions', 'SLICE', [of('int8', [2, 3, 2, 3, 4]), ints([1, 1, 0, 2, 1]), ints([1, 2, -1, 1, 2])], [of('int8', [1, 2, 2, 1, 2])]),
  oneOperator('slice-everything', 'SLICE', [of('int8', [3, 4]), ints([0, 0]), ints([-1, 4])], [of('int8', [3, 4])]),
  oneOperator('slice-one-element', 'SLICE', [of('int16', [7]), ints([6]), ints([1])], [of('int16', [1])]),
  ...(['int8', 'float32'] as const).map((dtype) => oneOperator(`slice-computed-${dtype}`, 'SLICE', [of(dtype, [4, 3, 5]), of('int32', [3]), ints([2, 3, 2])], [of(dtype, [2, 3, 2])],
    { inputs: [[0, 0, 0], [2, 0, 3], [1, 0, 2]].map((begin) => [values(60), begin]) })),
  oneOperator('slice-computed-int64', 'SLICE', [of('int8', [6]), of('int64', [1]), { dtype: 'int64', shape: [1], data: [2] }], [of('int8', [2])], { inputs: [[values(6), [4]], [values(6), [0]], [values(6), [3]]] }),
  oneOperator('slice-computed-outside', 'SLICE', [of('int8', [6]), of('int32', [1]), ints([2])], [of('int8', [2])],
    { samples: 2, inputs: [[values(6), [2147483645]], [values(6), [-2147483648]]], noOracle: 'TFLM reads outside the input; hil moves the box inside' }),
  oneOperator('slice-int64-begin', 'SLICE', [of('int8', [6, 4]), { dtype: 'int64', shape: [2], data: [1, 1] }, { dtype: 'int64', shape: [2], data: [-1, 2] }], [of('int8', [5, 2])]),
];
