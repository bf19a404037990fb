import type { OperatorCase } from '../../case.ts';
import { constant, ints, of, oneOperator } from './one-operator.ts';

const TYPES = ['int8', 'int16', 'int32', 'bool', 'float32'] as const;

/** Operators that change nothing but the shape. */
export const views: readonly OperatorCase[] = [
  ...TYPES.map((dtype) => oneOperator(`reshape-${dtype}`, 'RESHAPE', [of(dtype, [2, 3, 4]), ints([4, 6])], [of(dtype, [4, 6])], { options: { new_shape: [4, 6] } })),
  oneOperator('reshape-to-scalar', 'RESHAPE', [of('int8', [1, 1]), ints([])], [of('int8', [])]),
  oneOperator('reshape-from-scalar', 'RESHAPE', [of('float32', []), ints([1, 1, 1])], [of('float32', [1, 1, 1])]),
  oneOperator('reshape-minus-one', 'RESHAPE', [of('int8', [2, 3, 5]), ints([-1, 6])], [of('int8', [5, 6])], { options: { new_shape: [-1, 6] } }),
  oneOperator('reshape-one-input', 'RESHAPE', [of('int8', [2, 8])], [of('int8', [16])], { options: { new_shape: [16] } }),
  oneOperator('reshape-constant', 'RESHAPE', [constant(of('int8', [2, 3])), ints([6])], [of('int8', [6])], { samples: 1 }),
  chain(),
  ...TYPES.map((dtype) => oneOperator(`squeeze-${dtype}`, 'SQUEEZE', [of(dtype, [1, 3, 1, 5, 1])], [of(dtype, [3, 5])])),
  oneOperator('squeeze-given-axes', 'SQUEEZE', [of('int8', [1, 3, 1, 5, 1])], [of('int8', [3, 1, 5])], { options: { squeeze_dims: [0, -1] } }),
  oneOperator('squeeze-to-scalar', 'SQUEEZE', [of('float32', [1, 1])], [of('float32', [])]),
  ...(['int8', 'int16', 'float32'] as const).flatMap((dtype) => ([[0, [1, 3, 5]], [1, [3, 1, 5]], [-1, [3, 5, 1]], [-2, [3, 1, 5]]] as const).map(([axis, shape]) =>
    oneOperator(`expand-dims-${dtype}-axis${axis}`, 'EXPAND_DIMS', [of(dtype, [3, 5]), ints([axis])], [of(dtype, shape)]))),
  oneOperator('expand-dims-scalar-axis', 'EXPAND_DIMS', [of('int8', [3]), ints(0)], [of('int8', [1, 3])]),
];

/** A tensor that is read under three shapes, with an operator that copies before and one after. */
function chain(): OperatorCase {
  return {
    name: 'reshape-chain', op: 'RESHAPE',
    model: {
      tensors: [
        { name: 'x', ...of('int8', [2, 6]) }, { name: 'turned', ...of('int8', [6, 2]) }, { name: 'a', ...of('int8', [3, 4]) }, { name: 'b', ...of('int8', [1, 3, 4]) },
        { name: 'y', ...of('int8', [2, 3, 4]) }, { name: 'permutation', ...ints([1, 0]) }, { name: 'shape', ...ints([3, 4]) }, { name: 'axis', ...ints([0]) },
      ],
      operators: [
        { op: 'TRANSPOSE', inputs: ['x', 'permutation'], outputs: ['turned'] },
        { op: 'RESHAPE', inputs: ['turned', 'shape'], outputs: ['a'] },
        { op: 'EXPAND_DIMS', inputs: ['a', 'axis'], outputs: ['b'] },
        { op: 'CONCATENATION', inputs: ['b', 'b'], outputs: ['y'], options: { axis: 0 } },
      ],
      inputs: ['x'], outputs: ['y'],
    },
  };
}
