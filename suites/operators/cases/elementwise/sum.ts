import type { OperatorCase } from '../../case.ts';
import { ACTIVATIONS, BROADCASTS, elementwise, pairs, SHAPES, type Of } from './build.ts';

/** Every code with 16 others. */
const pairwise = [Array.from({ length: 4096 }, (_, i) => (i >> 4) - 128), Array.from({ length: 4096 }, (_, i) => (i & 15) * 17 - 128)] as const;

const codesOf = (count: number, code: (i: number) => number): number[] => Array.from({ length: count }, (_, i) => code(i));

/** Scales of the operands and the output: larger first, larger second, equal, each far from the others. */
const SCALES: readonly (readonly [number, number, number])[] = [
  [0.05, 0.05, 0.1], [0.0235, 0.0471, 0.05], [0.11, 0.0078125, 0.07], [0.5, 1e-6, 0.6], [1e-9, 0.3, 0.002], [0.02, 0.02, 0.0001],
  [0.001, 0.0013, 40], [0.75, 0.25, 2], [0.003921569, 0.007843138, 0.003921569],
];

const cases = (op: string): OperatorCase[] => {
  const name = op.toLowerCase();
  const codes = (dtype: 'int8' | 'int16', shape: readonly number[], scale: number, zeroPoint = 0): Of => [dtype, shape, scale, dtype === 'int16' ? 0 : zeroPoint];
  const types = ['int8', 'int16'] as const;
  return [
    ...SHAPES.flatMap((shape) => [
      ...types.map((dtype) => elementwise(`${name}-${dtype}-${shape.join('x') || 'scalar'}`, op, [codes(dtype, shape, 0.04, 3), codes(dtype, shape, 0.07, -20)], codes(dtype, shape, 0.09, -7))),
      ...(['int32', 'float32'] as const).map((dtype) => elementwise(`${name}-${dtype}-${shape.join('x') || 'scalar'}`, op, [[dtype, shape], [dtype, shape]], [dtype, shape])),
    ]),
    ...BROADCASTS.flatMap(([what, left, right, output]) => [
      ...types.map((dtype) => elementwise(`${name}-${dtype}-${what}`, op, [codes(dtype, left, 0.04, 3), codes(dtype, right, 0.07, -20)], codes(dtype, output, 0.09, -7))),
      ...(['int32', 'float32'] as const).map((dtype) => elementwise(`${name}-${dtype}-${what}`, op, [[dtype, left], [dtype, right]], [dtype, output])),
    ]),
    ...SCALES.flatMap(([a, b, y], k) => types.map((dtype) =>
      elementwise(`${name}-${dtype}-scales-${k}`, op, [codes(dtype, [9, 21], a, 11), codes(dtype, [9, 21], b, -90)], codes(dtype, [9, 21], y, 5)))),
    ...pairs([-128, 0, 127]).flatMap(([a, b]) => [-128, 127].map((y) =>
      elementwise(`${name}-int8-zero-points-${a}-${b}-${y}`, op, [['int8', [40], 0.03, a], ['int8', [40], 0.05, b]], ['int8', [40], 0.06, y]))),
    ...ACTIVATIONS.flatMap(([what, value]) => {
      const options = { fused_activation_function: value };
      return [
        ...types.map((dtype) => elementwise(`${name}-${dtype}-${what}`, op, [codes(dtype, [60], dtype === 'int8' ? 0.05 : 3e-4, 3), codes(dtype, [60], dtype === 'int8' ? 0.07 : 2e-4, -20)], codes(dtype, [60], dtype === 'int8' ? 0.09 : 3e-4, -7), { options })),
        elementwise(`${name}-int8-broadcast-${what}`, op, [['int8', [4, 15], 0.05, 3], ['int8', [15], 0.07, -20]], ['int8', [4, 15], 0.09, -7], { options }),
        ...(['int32', 'float32'] as const).map((dtype) => elementwise(`${name}-${dtype}-${what}`, op, [[dtype, [40]], [dtype, [40]]], [dtype, [40]], { options })),
      ];
    }),
    ...[0, 1].flatMap((k) => [
      elementwise(`${name}-int8-constant-${k}`, op, [['int8', [3, 7], 0.04, 3], ['int8', [3, 7], 0.07, -20]], ['int8', [3, 7], 0.09, -7], { constants: { [k]: Array.from({ length: 21 }, (_, i) => i * 12 - 120) } }),
      elementwise(`${name}-int8-constant-channel-${k}`, op, [['int8', k === 0 ? [7] : [3, 7], 0.04, 3], ['int8', k === 1 ? [7] : [3, 7], 0.07, -20]], ['int8', [3, 7], 0.09, -7], { constants: { [k]: [-128, -3, 0, 4, 64, 100, 127] } }),
      elementwise(`${name}-float32-constant-${k}`, op, [['float32', k === 0 ? [] : [3, 7]], ['float32', k === 1 ? [] : [3, 7]]], ['float32', [3, 7]], { constants: { [k]: [0.1] } }),
    ]),
    // The coarse operand is 0 and every code of the fine one a fraction of a bit: each rounding shows, ties above all.
    ...[20, 21, 22].flatMap((fraction) => [0, 1].flatMap((k) => [false, true].map((flat) => {
      const fine: Of = ['int8', [256], 0.5 * 2 ** -fraction, 3];
      const coarse: Of = ['int8', flat ? [256] : [], 0.5, -9];
      const inputs = [codesOf(256, (i) => i - 128), codesOf(flat ? 256 : 1, () => -9)];
      return elementwise(`${name}-int8-ties-${fraction}-${k}${flat ? '-flat' : ''}`, op, k === 0 ? [fine, coarse] : [coarse, fine], ['int8', [256], 2 ** -18, 1], { samples: 1, inputs: [k === 0 ? inputs : inputs.reverse()] });
    }))),
    elementwise(`${name}-int16-ties`, op, [['int16', [], 0.5], ['int16', [401], 2 ** -17]], ['int16', [401], 2 ** -14], { samples: 1, inputs: [[[0], codesOf(401, (i) => i - 200)]] }),
    elementwise(`${name}-int16-no-pot-scale`, op, [['int16', [30], 2 ** -12], ['int16', [30], 2 ** -13]], ['int16', [30], 2 ** -11], { options: { pot_scale_int16: false } }),
    elementwise(`${name}-int32-wraps`, op, [['int32', [4]], ['int32', [4]]], ['int32', [4]], { samples: 1, inputs: [[[2147483647, -2147483648, -2147483648, 2000000000], [1, -1, 2147483647, -2000000000]]] }),
    elementwise(`${name}-float32-edges`, op, [['float32', [6]], ['float32', [6]]], ['float32', [6]], { samples: 1, inputs: [[[3e38, -3e38, 1e-45, -0, 16777216, 0.1], [3e38, 3e38, 1e-45, -0, 1, 0.2]]] }),
    elementwise(`${name}-float32-negative-zero`, op, [['float32', [3]], ['float32', [3]]], ['float32', [3]], { options: { fused_activation_function: 1 }, samples: 1, inputs: [[[-0, 0, -0], [-0, -0, 0]]] }),
  ];
};

export const sum: readonly OperatorCase[] = [
  ...cases('ADD'), ...cases('SUB'),
  // Only int8 has the bits for an output scale this small.
  elementwise('add-int8-scales-fine', 'ADD', [['int8', [189], 0.1, 11], ['int8', [189], 0.1, -90]], ['int8', [189], 3e-7, 5]),
  elementwise('add-int8-itself-through-view', 'ADD', [['int8', [5], 0.1, 1], ['int8', [5], 0.1, 1]], ['int8', [5], 0.2, 1]),
  elementwise('add-int8-every-code', 'ADD', [['int8', [16, 16, 16], 0.0235, -5], ['int8', [16, 16, 16], 0.0471, 9]], ['int8', [16, 16, 16], 0.05, -3], { samples: 1, inputs: [pairwise] }),
];
