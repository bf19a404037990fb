import type { OperatorCase } from '../../case.ts';
import { elementwise, SHAPES, type Of } from './build.ts';

const of = (dtype: 'int8' | 'int16' | 'float32', shape: readonly number[]): Of => (dtype === 'float32' ? [dtype, shape] : [dtype, shape, 0.1]);

const SHAPES_OF_THREE: readonly (readonly [name: string, condition: readonly number[], x: readonly number[], y: readonly number[], output: readonly number[]])[] = [
  ...SHAPES.map((shape) => [shape.join('x') || 'scalar', shape, shape, shape, shape] as const),
  ['scalar-condition', [], [2, 3], [2, 3], [2, 3]],
  ['scalar-operands', [2, 3], [], [], [2, 3]],
  ['row-condition', [5], [4, 5], [4, 5], [4, 5]],
  ['column-condition', [4, 1], [4, 5], [5], [4, 5]],
  ['all-differ', [2, 1, 1], [1, 3, 1], [1, 1, 4], [2, 3, 4]],
  ['five-axes', [2, 1, 3, 1, 2], [1, 2, 1, 3, 1], [2], [2, 2, 3, 3, 2]],
  ['single-elements', [1, 1], [], [1], [1, 1]],
];

const select: readonly OperatorCase[] = SHAPES_OF_THREE.flatMap(([what, condition, x, y, output]) => (['int8', 'int16', 'float32'] as const).map((dtype) =>
  elementwise(`select-v2-${dtype}-${what}`, 'SELECT_V2', [['bool', condition], of(dtype, x), of(dtype, y)], of(dtype, output))));

const addN: readonly OperatorCase[] = [
  ...[2, 3, 15].flatMap((count) => SHAPES.slice(0, 8).map((shape) => elementwise(`add-n-float32-${count}-${shape.join('x') || 'scalar'}`, 'ADD_N', Array.from({ length: count }, () => ['float32', shape] as const), ['float32', shape]))),
  ...[2, 3, 7, 15].flatMap((count) => ([[0.1, 3, 0.4, -5], [0.05, -128, 0.9, -128], [0.3, 127, 1.1, 127], [0.02, 0, 0.01, 0]] as const).map(([scale, zero, y, zy], k) =>
    elementwise(`add-n-int8-${count}-scales-${k}`, 'ADD_N', Array.from({ length: count }, () => ['int8', [2, 17], scale, zero] as const), ['int8', [2, 17], y, zy]))),
  elementwise('add-n-int8-constant', 'ADD_N', [['int8', [3], 0.1, 3], ['int8', [3], 0.1, 3]], ['int8', [3], 0.2, 0], { constants: { 1: [-128, 5, 127] } }),
];

export const selections: readonly OperatorCase[] = [
  ...select, ...addN,
  elementwise('select-v2-int8-constant', 'SELECT_V2', [['bool', [3, 4]], ['int8', [4], 0.1], ['int8', [], 0.1]], ['int8', [3, 4], 0.1], { constants: { 1: [1, -2, 3, -4], 2: [0] } }),
];
