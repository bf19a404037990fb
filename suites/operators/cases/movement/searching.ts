import type { OperatorCase } from '../../case.ts';
import { ints, of, oneOperator } from './one-operator.ts';

/** ARG_MAX and ARG_MIN. */
export const searching: readonly OperatorCase[] = (['ARG_MAX', 'ARG_MIN'] as const).flatMap((op) => {
  const name = op.toLowerCase().replace('_', '-');
  return [
    ...(['int8', 'float32'] as const).flatMap((dtype) => [
      ...[0, 1, 2, -1, -2].map((axis) => oneOperator(`${name}-${dtype}-axis${axis}`, op, [of(dtype, [3, 5, 4]), ints(axis)], [of('int32', [3, 5, 4].toSpliced(axis, 1))], { options: { output_type: 2 } })),
      oneOperator(`${name}-${dtype}-vector`, op, [of(dtype, [17]), ints([0])], [of('int32', [])]),
      oneOperator(`${name}-${dtype}-one`, op, [of(dtype, [1, 3]), ints(0)], [of('int32', [3])]),
    ]),
    oneOperator(`${name}-ties`, op, [of('int8', [4, 5]), ints(1)], [of('int32', [4])], { samples: 1, inputs: [[[7, 7, 7, 7, 7, -128, 127, 127, -128, 0, 127, -128, -128, 127, 1, 0, -1, 0, -1, 0]]] }),
    oneOperator(`${name}-not-a-number`, op, [of('float32', [4, 4]), ints(1)], [of('int32', [4])],
      { samples: 1, inputs: [[[NaN, 1, 2, -1, 1, NaN, 2, -2, -Infinity, NaN, Infinity, 0, 0, -0, NaN, NaN]]] }),
  ];
});
