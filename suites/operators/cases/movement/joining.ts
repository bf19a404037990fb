import type { OperatorCase } from '../../case.ts';
import { constant, of, oneOperator } from './one-operator.ts';

/** CONCATENATION and PACK. */
export const joining: readonly OperatorCase[] = [
  ...(['int8', 'int16', 'int32', 'int64', 'bool', 'float32'] as const).flatMap((dtype) => [0, 1, 2, -1, -3].map((axis) => {
    const shapes = [1, 3, 2].map((length) => [2, 3, 5].with(axis, length));
    return oneOperator(`concatenation-${dtype}-axis${axis}`, 'CONCATENATION', shapes.map((shape) => of(dtype, shape)), [of(dtype, [2, 3, 5].with(axis, 6))], { options: { axis }, samples: 2 });
  })),
  oneOperator('concatenation-one-input', 'CONCATENATION', [of('int8', [2, 3])], [of('int8', [2, 3])], { options: { axis: 1 } }),
  oneOperator('concatenation-ten-inputs', 'CONCATENATION', Array.from({ length: 10 }, (_, k) => of('int8', [3, k + 1])), [of('int8', [3, 55])], { options: { axis: 1 } }),
  oneOperator('concatenation-constant', 'CONCATENATION', [of('int8', [2, 3, 4]), constant(of('int8', [2, 3, 4]))], [of('int8', [2, 3, 8])], { options: { axis: -1 } }),
  oneOperator('concatenation-vectors', 'CONCATENATION', [of('int16', [3]), of('int16', [17])], [of('int16', [20])], { options: { axis: 0 } }),
  oneOperator('concatenation-channels-of-four', 'CONCATENATION', [of('int8', [1, 3, 3, 16]), of('int8', [1, 3, 3, 4])], [of('int8', [1, 3, 3, 20])], { options: { axis: 3 } }),
  oneOperator('concatenation-six-dimensions', 'CONCATENATION', [of('int8', [2, 1, 2, 1, 3, 2]), of('int8', [2, 1, 2, 2, 3, 2])], [of('int8', [2, 1, 2, 3, 3, 2])], { options: { axis: 3 } }),
  oneOperator('concatenation-int16-other-scale', 'CONCATENATION', [of('int16', [5]), of('int16', [3], { scale: 0.7 })], [of('int16', [8])], { options: { axis: 0 } }),
  twice(),
  ...(['int8', 'int16', 'int32', 'int64', 'float32'] as const).flatMap((dtype) => [0, 1, 2, -1].map((axis) =>
    oneOperator(`pack-${dtype}-axis${axis}`, 'PACK', [0, 1, 2].map(() => of(dtype, [3, 5])), [of(dtype, axis === 0 ? [3, 3, 5] : axis === 1 ? [3, 3, 5] : [3, 5, 3])], { options: { axis, values_count: 3 }, samples: 2 }))),
  oneOperator('pack-scalars', 'PACK', [of('int32', []), { dtype: 'int32', shape: [], data: [7] }], [of('int32', [2])], { options: { axis: 0, values_count: 2 } }),
  oneOperator('pack-one', 'PACK', [of('int8', [4])], [of('int8', [4, 1])], { options: { axis: 1, values_count: 1 } }),
];

/** The same tensor in two places. */
function twice(): OperatorCase {
  return {
    name: 'concatenation-twice-the-same', op: 'CONCATENATION',
    model: { tensors: [{ name: 'x', ...of('int8', [2, 3]) }, { name: 'y', ...of('int8', [2, 6]) }], operators: [{ op: 'CONCATENATION', inputs: ['x', 'x'], outputs: ['y'], options: { axis: 1 } }], inputs: ['x'], outputs: ['y'] },
  };
}
