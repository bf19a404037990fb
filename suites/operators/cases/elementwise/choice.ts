import type { DType } from '../../../../harness/model/graph.ts';
import type { OperatorCase } from '../../case.ts';
import { BROADCASTS, elementwise, SHAPES, type Of } from './build.ts';

const ALL = [...SHAPES.map((shape) => [shape.join('x') || 'scalar', shape, shape, shape] as const), ...BROADCASTS];
/** Broadcasts enough where the loops are the same code for every operator. */
const SOME = ALL.filter(([what]) => ['scalar', '17', 'scalar-left', 'channel-right', 'column-left', 'both-sides', 'six-axes'].includes(what));

const of = (dtype: DType, shape: readonly number[], scale: number, zeroPoint: number): Of => (dtype === 'int8' ? [dtype, shape, scale, zeroPoint] : dtype === 'int16' ? [dtype, shape, scale / 256] : [dtype, shape]);

/** Few values, so that many are equal. */
const small = (count: number, seed: number): number[] => Array.from({ length: count }, (_, i) => ((i * 7 + seed * 5) % 11) - 5);

const choices: readonly OperatorCase[] = ['MAXIMUM', 'MINIMUM'].flatMap((op) => (['int8', 'int16', 'int32', 'int64', 'float32'] as const).flatMap((dtype) => [
  ...(dtype === 'int8' ? ALL : SOME).map(([what, left, right, output]) => elementwise(`${op.toLowerCase()}-${dtype}-${what}`, op, [of(dtype, left, 0.1, 4), of(dtype, right, 0.1, 4)], of(dtype, output, 0.1, 4))),
  elementwise(`${op.toLowerCase()}-${dtype}-constant`, op, [of(dtype, [2, 5], 0.1, 4), of(dtype, [5], 0.1, 4)], of(dtype, [2, 5], 0.1, 4), { constants: { 1: [-4, 100, 0, 3, -90] } }),
]));

const comparisons: readonly OperatorCase[] = ['EQUAL', 'NOT_EQUAL', 'LESS', 'LESS_EQUAL', 'GREATER', 'GREATER_EQUAL'].flatMap((op) => {
  const name = op.toLowerCase().replace('_', '-');
  const types: readonly DType[] = ['int8', 'int32', 'int64', 'float32', ...(op.endsWith('EQUAL') && op.length <= 9 && !op.startsWith('L') ? ['bool' as const] : [])];
  return [
    ...types.flatMap((dtype) => SOME.map(([what, left, right, output]) => elementwise(`${name}-${dtype}-${what}`, op, [of(dtype, left, 0.1, 4), of(dtype, right, 0.1, 4)], ['bool', output]))),
    ...(['int32', 'int64', 'float32'] as const).map((dtype) => elementwise(`${name}-${dtype}-ties`, op, [[dtype, [33]], [dtype, [33]]], ['bool', [33]], { samples: 2, inputs: [[small(33, 0), small(33, 1)], [small(33, 2), small(33, 2)]] })),
    ...([[0.1, 4, 0.1, 4], [0.001, -128, 0.001, 127], [0.5, 3, 0.25, -60], [0.9999, 0, 0.003, 0], [1e-5, 0, 1e-5, 100]] as const).map(([a, za, b, zb], k) =>
      elementwise(`${name}-int8-scales-${k}`, op, [['int8', [256, 1], a, za], ['int8', [3], b, zb]], ['bool', [256, 3]], { samples: 1, inputs: [[Array.from({ length: 256 }, (_, i) => i - 128), [-128, 5, 127]]] })),
    elementwise(`${name}-int8-constant`, op, [['int8', [2, 5], 0.1, 4], ['int8', [5], 0.2, 0]], ['bool', [2, 5]], { constants: { 1: [-4, 100, 0, 3, -90] } }),
    elementwise(`${name}-float32-negative-zero`, op, [['float32', [3]], ['float32', [3]]], ['bool', [3]], { samples: 1, inputs: [[[-0, 0, 1e-45], [0, -0, 0]]] }),
  ];
});

const logical: readonly OperatorCase[] = [
  ...['LOGICAL_AND', 'LOGICAL_OR'].flatMap((op) => [
    ...ALL.map(([what, left, right, output]) => elementwise(`${op.toLowerCase().replace('_', '-')}-${what}`, op, [['bool', left], ['bool', right]], ['bool', output])),
    elementwise(`${op.toLowerCase().replace('_', '-')}-constant`, op, [['bool', [4]], ['bool', [3, 4]]], ['bool', [3, 4]], { constants: { 0: [0, 1, 1, 0] } }),
  ]),
  ...SHAPES.map((shape) => elementwise(`logical-not-${shape.join('x') || 'scalar'}`, 'LOGICAL_NOT', [['bool', shape]], ['bool', shape])),
];

const squared: readonly OperatorCase[] = [
  ...(['int8', 'int16', 'int32', 'float32'] as const).flatMap((dtype) =>
    (dtype === 'int8' ? ALL : SOME).map(([what, left, right, output]) => elementwise(`squared-difference-${dtype}-${what}`, 'SQUARED_DIFFERENCE', [of(dtype, left, 0.04, 4), of(dtype, right, 0.07, -60)], dtype === 'int16' ? [dtype, output, 0.001] : of(dtype, output, 0.9, -128)))),
  ...([[0.05, 3, 0.05, 3, 0.3, -128], [0.05, -128, 0.01, 127, 0.02, 0], [0.9, 0, 1e-6, 0, 3, 127], [0.01, 7, 0.02, 9, 1e-5, -128], [1e-4, 0, 2e-4, 0, 1, 0], [5, 1, 7, 2, 0.01, 3]] as const).flatMap(([a, za, b, zb, y, zy], k) => [
    elementwise(`squared-difference-int8-scales-${k}`, 'SQUARED_DIFFERENCE', [['int8', [120], a, za], ['int8', [120], b, zb]], ['int8', [120], y, zy]),
    elementwise(`squared-difference-int16-scales-${k}`, 'SQUARED_DIFFERENCE', [['int16', [120], a / 256], ['int16', [120], b / 256]], ['int16', [120], y / 16]),
  ]),
  elementwise('squared-difference-int32-wraps', 'SQUARED_DIFFERENCE', [['int32', [3]], ['int32', [3]]], ['int32', [3]], { samples: 1, inputs: [[[2147483647, -2147483648, 65536], [-2, 1, -65537]]] }),
  elementwise('squared-difference-int8-constant', 'SQUARED_DIFFERENCE', [['int8', [2, 5], 0.1, 4], ['int8', [5], 0.2, 0]], ['int8', [2, 5], 0.9, -128], { constants: { 1: [-4, 100, 0, 3, -90] } }),
];

export const choice: readonly OperatorCase[] = [...choices, ...comparisons, ...logical, ...squared];
