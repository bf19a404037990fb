import type { OperatorCase } from '../../case.ts';
import { ACTIVATIONS, BROADCASTS, elementwise, pairs, SHAPES, type Of } from './build.ts';

/** Scales of the operands and the output: output factors from below 2^-31 to above 1. */
const SCALES: readonly (readonly [number, number, number])[] = [
  [0.05, 0.05, 0.1], [0.0235, 0.0471, 0.3], [0.5, 0.9, 0.46], [0.5, 0.5, 0.03], [1e-3, 2e-3, 0.9], [1e-4, 1e-4, 1], [1e-5, 1e-5, 1], [1e-6, 1e-6, 4], [0.7, 0.9, 0.011], [2, 4, 0.02],
];

const codes = (dtype: 'int8' | 'int16', shape: readonly number[], scale: number, zeroPoint = 0): Of => [dtype, shape, dtype === 'int16' ? scale / 256 : scale, dtype === 'int16' ? 0 : zeroPoint];
const types = ['int8', 'int16'] as const;
const plain = ['int32', 'float32'] as const;

export const multiply: readonly OperatorCase[] = [
  ...[...SHAPES.map((shape) => [shape.join('x') || 'scalar', shape, shape, shape] as const), ...BROADCASTS].flatMap(([what, left, right, output]) => [
    ...types.map((dtype) => elementwise(`mul-${dtype}-${what}`, 'MUL', [codes(dtype, left, 0.04, 3), codes(dtype, right, 0.07, -20)], codes(dtype, output, 0.3, -7))),
    ...plain.map((dtype) => elementwise(`mul-${dtype}-${what}`, 'MUL', [[dtype, left], [dtype, right]], [dtype, output])),
  ]),
  ...SCALES.flatMap(([a, b, y], k) => types.map((dtype) => elementwise(`mul-${dtype}-scales-${k}`, 'MUL', [codes(dtype, [120], a, 11), codes(dtype, [120], b, -90)], codes(dtype, [120], y, 5)))),
  ...pairs([-128, 0, 127]).flatMap(([a, b]) => [-128, 127].map((y) => elementwise(`mul-int8-zero-points-${a}-${b}-${y}`, 'MUL', [['int8', [40], 0.03, a], ['int8', [40], 0.05, b]], ['int8', [40], 0.2, y]))),
  ...ACTIVATIONS.flatMap(([what, value]) => {
    const options = { fused_activation_function: value };
    return [
      ...types.map((dtype) => elementwise(`mul-${dtype}-${what}`, 'MUL', [codes(dtype, [60], 0.1, 3), codes(dtype, [60], 0.07, -20)], codes(dtype, [60], 0.11, -7), { options })),
      ...plain.map((dtype) => elementwise(`mul-${dtype}-${what}`, 'MUL', [[dtype, [40]], [dtype, [40]]], [dtype, [40]], { options })),
    ];
  }),
  ...[0, 1].flatMap((k) => [
    elementwise(`mul-int8-constant-channel-${k}`, 'MUL', [['int8', k === 0 ? [7] : [3, 7], 0.04, 3], ['int8', k === 1 ? [7] : [3, 7], 0.07, -20]], ['int8', [3, 7], 0.2, -7], { constants: { [k]: [-128, -3, 0, 4, 64, 100, 127] } }),
    elementwise(`mul-float32-constant-${k}`, 'MUL', [['float32', k === 0 ? [] : [3, 7]], ['float32', k === 1 ? [] : [3, 7]]], ['float32', [3, 7]], { constants: { [k]: [0.1] } }),
  ]),
  elementwise('mul-int32-wraps', 'MUL', [['int32', [3]], ['int32', [3]]], ['int32', [3]], { samples: 1, inputs: [[[2147483647, -2147483648, 65536], [2, -1, 65537]]] }),
  elementwise('mul-int32-wraps-relu6', 'MUL', [['int32', [3]], ['int32', [1]]], ['int32', [3]], { options: { fused_activation_function: 3 }, samples: 1, inputs: [[[2147483647, -2147483648, 65536], [65537]]] }),
  elementwise('mul-float32-edges', 'MUL', [['float32', [4]], ['float32', [4]]], ['float32', [4]], { samples: 1, inputs: [[[3e38, -3e38, 1e-30, -0], [3e38, 3e38, 1e-20, 5]]] }),
  elementwise('mul-int8-every-code', 'MUL', [['int8', [256, 1], 0.05, -5], ['int8', [16], 0.07, 9]], ['int8', [256, 16], 0.5, -3], { samples: 1, inputs: [[Array.from({ length: 256 }, (_, i) => i - 128), Array.from({ length: 16 }, (_, i) => i * 17 - 128)]] }),
];
