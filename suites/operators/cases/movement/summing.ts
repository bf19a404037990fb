import type { OperatorCase } from '../../case.ts';
import { constant, ints, of, oneOperator } from './one-operator.ts';

const FORMS = [[false, false], [true, false], [false, true], [true, true]] as const;

/** CUMSUM and DYNAMIC_UPDATE_SLICE. */
export const summing: readonly OperatorCase[] = [
  ...(['int8', 'float32'] as const).flatMap((dtype) => FORMS.flatMap(([exclusive, reverse]) => [0, 1, -1].map((axis) =>
    oneOperator(`cumsum-${dtype}-axis${axis}${exclusive ? '-exclusive' : ''}${reverse ? '-reverse' : ''}`, 'CUMSUM', [of(dtype, [3, 4, 5]), ints(axis)], [of(dtype, [3, 4, 5])], { options: { exclusive, reverse }, samples: 2 })))),
  ...[[0.1, 0.01, -128, 127], [0.01, 0.1, 127, -128], [0.03, 0.5, -1, 3], [0.5, 0.5, 0, 0], [1, 2 ** -18, 5, 0], [2 ** -10, 2, 9, 1]].map(([input = 0, output = 0, zx = 0, zy = 0], k) =>
    oneOperator(`cumsum-scales-${k}`, 'CUMSUM', [of('int8', [2, 8], { scale: input, zeroPoint: zx }), ints(1)], [of('int8', [2, 8], { scale: output, zeroPoint: zy })])),
  // 40 sums of 255 << 19 leave int32: they wrap in TFLM as they do here.
  oneOperator('cumsum-wraps', 'CUMSUM', [of('int8', [40], { scale: 0.1, zeroPoint: -128 }), ints(0)], [of('int8', [40], { scale: 10, zeroPoint: 0 })], { samples: 1, inputs: [[Array.from({ length: 40 }, () => 127)]] }),
  oneOperator('cumsum-one', 'CUMSUM', [of('int8', [1]), ints(0)], [of('int8', [1])]),
  ...(['int8', 'int16', 'int32', 'float32'] as const).map((dtype) => update(`dynamic-update-slice-${dtype}`, dtype, [[0, 0, 0], [1, 2, 2], [-3, 1, 99]])),
  oneOperator('dynamic-update-slice-constant-start', 'DYNAMIC_UPDATE_SLICE', [of('int8', [5, 4]), of('int8', [2, 4]), ints([2, 0])], [of('int8', [5, 4])]),
  oneOperator('dynamic-update-slice-constant-operand', 'DYNAMIC_UPDATE_SLICE', [constant(of('int8', [5, 3])), of('int8', [1, 2]), ints([2, 1])], [of('int8', [5, 3])]),
  oneOperator('dynamic-update-slice-int16-constant-operand', 'DYNAMIC_UPDATE_SLICE', [constant(of('int16', [4, 6])), of('int16', [2, 4]), ints([1, 2])], [of('int16', [4, 6])]),
  oneOperator('dynamic-update-slice-int16-rows', 'DYNAMIC_UPDATE_SLICE', [of('int16', [4, 6]), of('int16', [2, 6]), of('int32', [2])], [of('int16', [4, 6])]),
  oneOperator('dynamic-update-slice-whole', 'DYNAMIC_UPDATE_SLICE', [of('int8', [3, 3]), of('int8', [3, 3]), ints([1, -1])], [of('int8', [3, 3])]),
  oneOperator('dynamic-update-slice-int64', 'DYNAMIC_UPDATE_SLICE', [of('int8', [6]), of('int8', [2]), of('int64', [1])], [of('int8', [6])], { samples: 3, inputs: [[[1, 2, 3, 4, 5, 6], [7, 8], [3]], [[1, 2, 3, 4, 5, 6], [7, 8], [-5]], [[1, 2, 3, 4, 5, 6], [7, 8], [2 ** 40]]] }),
];

function update(name: string, dtype: 'int8' | 'int16' | 'int32' | 'float32', starts: readonly number[][]): OperatorCase {
  const values = (length: number): number[] => Array.from({ length }, (_, i) => (i * 29) % 251 - 125);
  return oneOperator(name, 'DYNAMIC_UPDATE_SLICE', [of(dtype, [2, 4, 5]), of(dtype, [1, 2, 3]), of('int32', [3])], [of(dtype, [2, 4, 5])],
    { samples: starts.length, inputs: starts.map((start) => [values(40), values(6), start]) });
}
