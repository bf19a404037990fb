import type { OperatorCase } from '../../case.ts';
import { constant, ints, of, oneOperator, type Part } from './one-operator.ts';

const at = (shape: readonly number[], data: readonly number[]): Part => ({ dtype: 'int32', shape, data });
const codes = (length: number, seed: number): number[] => Array.from({ length }, (_, i) => ((i + seed) * 53) % 256 - 128);

/** GATHER and GATHER_ND. */
export const gathering: readonly OperatorCase[] = [
  ...(['int8', 'float32'] as const).flatMap((dtype) => [
    oneOperator(`gather-${dtype}-rows`, 'GATHER', [of(dtype, [4, 3]), ints([3, 0, 0, 2, 1])], [of(dtype, [5, 3])]),
    oneOperator(`gather-${dtype}-last-axis`, 'GATHER', [of(dtype, [2, 3, 4]), ints([2, 1])], [of(dtype, [2, 3, 2])], { options: { axis: -1 } }),
    oneOperator(`gather-${dtype}-middle`, 'GATHER', [of(dtype, [2, 5, 4]), at([2, 2], [4, 0, 1, 1])], [of(dtype, [2, 2, 2, 4])], { options: { axis: 1 } }),
    oneOperator(`gather-${dtype}-scalar-index`, 'GATHER', [of(dtype, [3, 4]), ints(2)], [of(dtype, [4])], { options: { axis: 0 } }),
    oneOperator(`gather-${dtype}-batches`, 'GATHER', [of(dtype, [2, 3, 4]), at([2, 2], [2, 0, 1, 1])], [of(dtype, [2, 2, 4])], { options: { axis: 1, batch_dims: 1 } }),
    oneOperator(`gather-${dtype}-batches-and-outer`, 'GATHER', [of(dtype, [2, 2, 3, 2]), at([2, 2], [2, 0, 1, 2])], [of(dtype, [2, 2, 2, 2])], { options: { axis: 2, batch_dims: -1 } }),
    oneOperator(`gather-nd-${dtype}-elements`, 'GATHER_ND', [of(dtype, [3, 4]), at([3, 2], [2, 3, 0, 0, 1, 2])], [of(dtype, [3])]),
    oneOperator(`gather-nd-${dtype}-rows`, 'GATHER_ND', [of(dtype, [3, 4]), at([2, 1], [2, 0])], [of(dtype, [2, 4])]),
    oneOperator(`gather-nd-${dtype}-batches`, 'GATHER_ND', [of(dtype, [2, 3, 2]), at([2, 2, 2], [0, 2, 1, 0, 1, 1, 0, 0])], [of(dtype, [2, 2, 2])]),
  ]),
  oneOperator('gather-nd-vector', 'GATHER_ND', [of('int8', [5]), at([3, 1], [4, 0, 2])], [of('int8', [3])]),
  oneOperator('gather-nd-one-row', 'GATHER_ND', [of('int8', [2, 3, 4]), at([2], [1, 2])], [of('int8', [4])]),
  oneOperator('gather-nd-five-indices', 'GATHER_ND', [of('int8', [2, 1, 2, 3, 2]), at([2, 5], [1, 0, 1, 2, 1, 0, 0, 0, 0, 0])], [of('int8', [2])]),
  oneOperator('gather-computed', 'GATHER', [of('int8', [4, 3]), of('int32', [3])], [of('int8', [3, 3])], { samples: 2, inputs: [[codes(12, 1), [3, 0, 2]], [codes(12, 2), [1, 1, 0]]] }),
  oneOperator('gather-embedding', 'GATHER', [constant(of('int8', [6, 4])), of('int32', [2, 2])], [of('int8', [2, 2, 4])], { samples: 1, inputs: [[[5, 0, 3, 3]]] }),
  oneOperator('gather-nd-computed', 'GATHER_ND', [of('int8', [3, 4]), of('int32', [2, 2])], [of('int8', [2])], { samples: 2, inputs: [[codes(12, 3), [2, 1, 0, 3]], [codes(12, 4), [1, 1, 2, 2]]] }),
  oneOperator('gather-computed-outside', 'GATHER', [of('int8', [3, 2]), of('int32', [4])], [of('int8', [4, 2])],
    { samples: 1, inputs: [[codes(6, 5), [-1, 2, 3, -2147483648]]], noOracle: "TFLM's invocation fails; hil gives zeros there" }),
  oneOperator('gather-nd-computed-outside', 'GATHER_ND', [of('int8', [3, 2]), of('int32', [4, 2])], [of('int8', [4])],
    { samples: 1, inputs: [[codes(6, 6), [0, 1, 2147483647, 1, 3, 0, -1, 0]]], noOracle: "TFLM's invocation fails; hil gives zeros there" }),
  // Beyond its dimension, but not beyond the input: the element at that place.
  oneOperator('gather-nd-next-row', 'GATHER_ND', [of('int8', [3, 2]), at([2, 2], [0, 3, 2, -1])], [of('int8', [2])]),
  oneOperator('gather-nd-computed-next-row', 'GATHER_ND', [of('int8', [3, 2]), of('int32', [2, 2])], [of('int8', [2])], { samples: 1, inputs: [[codes(6, 7), [1, 2, 2, -3]]] }),
];
