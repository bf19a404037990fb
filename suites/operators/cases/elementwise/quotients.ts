import type { OperatorCase } from '../../case.ts';
import { ACTIVATIONS, BROADCASTS, elementwise } from './build.ts';

/** Never 0. */
const divisors = (count: number, zero = 0): number[] => Array.from({ length: count }, (_, i) => {
  const code = ((i * 37 + 11) % 255) - 127;
  return code === zero ? zero + 1 : code;
});
const codes = Array.from({ length: 256 }, (_, i) => i - 128);
const size = (shape: readonly number[]): number => shape.reduce((product, one) => product * one, 1);
const numerators = (count: number): number[] => Array.from({ length: count }, (_, i) => ((i * 91 + 5) % 256) - 128);
const SOME = BROADCASTS.filter(([what]) => ['scalar-right', 'scalar-left', 'channel-right', 'column-left', 'both-sides', 'six-axes'].includes(what));

const div: readonly OperatorCase[] = [
  ...([[0.02, 3, 0.02, -20, 0.01, 0], [0.5, 0, 0.001, 0, 5, 0], [0.7, -128, 1e-3, 127, 0.01, 127], [0.1, 127, 0.0014, -128, 0.55, -128], [0.02, 0, 0.00003, 5, 0.0001, 9]] as const).map(([a, za, b, zb, y, zy], k) =>
    elementwise(`div-int8-scales-${k}`, 'DIV', [['int8', [17, 1], a, za], ['int8', [255], b, zb]], ['int8', [17, 255], y, zy], {
      samples: 1, inputs: [[[-128, -127, -100, -64, -63, -20, -3, -1, 0, 1, 2, 7, 8, 33, 64, 100, 127], codes.filter((code) => code !== zb)]],
    })),
  ...SOME.flatMap(([what, left, right, output]) => [
    elementwise(`div-int8-${what}`, 'DIV', [['int8', left, 0.1, 3], ['int8', right, 0.001, 0]], ['int8', output, 1, 0], { samples: 1, inputs: [[numerators(size(left)), divisors(size(right))]] }),
    elementwise(`div-int32-${what}`, 'DIV', [['int32', left], ['int32', right]], ['int32', output], { samples: 1, inputs: [[numerators(size(left)).map((x) => x * 1001), divisors(size(right))]] }),
    elementwise(`div-float32-${what}`, 'DIV', [['float32', left], ['float32', right]], ['float32', output]),
  ]),
  ...ACTIVATIONS.flatMap(([what, fused_activation_function]) => [
    elementwise(`div-int8-${what}`, 'DIV', [['int8', [40], 0.1, 3], ['int8', [40], 0.01, 0]], ['int8', [40], 0.1, 0], { options: { fused_activation_function }, samples: 1, inputs: [[numerators(40), divisors(40)]] }),
    elementwise(`div-int32-${what}`, 'DIV', [['int32', [40]], ['int32', [40]]], ['int32', [40]], { options: { fused_activation_function }, samples: 1, inputs: [[numerators(40), divisors(40)]] }),
    elementwise(`div-float32-${what}`, 'DIV', [['float32', [40]], ['float32', [40]]], ['float32', [40]], { options: { fused_activation_function } }),
  ]),
  elementwise('div-int8-constant', 'DIV', [['int8', [4, 5], 0.1, 3], ['int8', [5], 0.01, -3]], ['int8', [4, 5], 0.9, 0], { constants: { 1: [-7, 1, 2, 9, -4] } }),
  elementwise('div-int8-constant-numerator', 'DIV', [['int8', [], 0.1, 3], ['int8', [5], 0.001, -3]], ['int8', [5], 0.9, 0], { constants: { 0: [100] }, samples: 1, inputs: [[[-128, 1, 2, 9, 127]]] }),
  elementwise('div-float32-by-zero', 'DIV', [['float32', [3]], ['float32', [3]]], ['float32', [3]], { samples: 1, inputs: [[[1, -1, 3e38], [0, 0, 1e-30]]] }),
  elementwise('div-int32-by-zero', 'DIV', [['int32', [4]], ['int32', [4]]], ['int32', [4]], { samples: 1, inputs: [[[7, -7, 0, -2147483648], [0, 0, 0, -1]]], noOracle: 'TFLM stops with an arithmetic exception' }),
];

const edges = [[5.5, -5.5, 5.5, -5.5, 6, -6, 0, -0, 1e-3, -1e-3, 3e38, 1, 16777216, -0.1, 1e-42, 1e10], [2, 2, -2, -2, 3, 3, 7, 7, -5, 5, 1e-3, 3e38, 3, 0.1, 1e-44, 0.3]] as const;

const floors: readonly OperatorCase[] = ['FLOOR_DIV', 'FLOOR_MOD'].flatMap((op) => {
  const name = op.toLowerCase().replace('_', '-');
  return [
    ...SOME.map(([what, left, right, output]) => elementwise(`${name}-float32-${what}`, op, [['float32', left], ['float32', right]], ['float32', output])),
    elementwise(`${name}-float32-edges`, op, [['float32', [16]], ['float32', [16]]], ['float32', [16]], { samples: 1, inputs: [edges] }),
    elementwise(`${name}-float32-constant`, op, [['float32', [3, 4]], ['float32', []]], ['float32', [3, 4]], { constants: { 1: [-0.7] } }),
  ];
});

export const quotients: readonly OperatorCase[] = [...div, ...floors];
