import type { TensorDescription } from '../../../../harness/model/writer/index.ts';
import type { OperatorCase } from '../../case.ts';
import { tensor, type Side } from './graph.ts';

/** Shapes of input and alpha: per channel, per pixel, one, all, and alpha as wide as the result. */
const SHAPES: readonly (readonly [readonly number[], readonly number[]])[] = [
  [[1, 3, 4, 5], [1, 1, 5]], [[1, 3, 4, 5], [5]], [[2, 3, 4, 5], [3, 1, 1]], [[1, 17], [1]], [[2, 3, 16], [2, 3, 16]], [[1, 1], [1, 1]], [[2, 4, 3, 2], [1, 4, 1, 2]], [[1, 5], [4, 1]], [[3, 1, 2], [1, 33, 1]],
];
const FORMS = [[0.1, -128, 0.01, 0, 0.1, -128], [0.0235, 0, 0.0123, 7, 0.013, 12], [0.7, 127, 0.9, -128, 0.002, 127], [0.001, -5, 2, 127, 1, 0], [0.3, 12, 1e-4, 5, 0.01, -60]] as const;

const resultOf = (a: readonly number[], b: readonly number[]): number[] =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, i, rank = Math.max(a.length, b.length)) => Math.max(a.at(i - rank) ?? 1, b.at(i - rank) ?? 1));

function one(name: string, x: Side, alpha: Side, y: Side, [shape, alphaShape]: readonly [readonly number[], readonly number[]], constant: boolean): OperatorCase {
  const count = alphaShape.reduce((product, size) => product * size, 1);
  const values = Array.from({ length: count }, (_, i) => (alpha.dtype === 'float32' ? ((i * 37) % 19) / 8 - 1 : ((i * 89 + 17) % 256) - 128));
  const slopes: TensorDescription = { ...tensor('alpha', alpha, alphaShape), ...(constant ? { data: values } : {}) };
  return {
    name, op: 'PRELU',
    model: {
      tensors: [tensor('x', x, shape), slopes, tensor('y', y, resultOf(shape, alphaShape))],
      operators: [{ op: 'PRELU', inputs: ['x', 'alpha'], outputs: ['y'] }], inputs: constant ? ['x'] : ['x', 'alpha'], outputs: ['y'],
    },
  };
}

export const prelu: readonly OperatorCase[] = SHAPES.flatMap((shapes, i) => {
  const [si, zi, sa, za, so, zo] = FORMS[i % FORMS.length] as (typeof FORMS)[number];
  const alpha: Side = { dtype: 'int8', scale: sa, zeroPoint: za };
  return [
    one(`prelu-int8-${i}`, { dtype: 'int8', scale: si, zeroPoint: zi }, alpha, { dtype: 'int8', scale: so, zeroPoint: zo }, shapes, i % 3 !== 2),
    one(`prelu-int16-${i}`, { dtype: 'int16', scale: si / 200 }, { ...alpha, zeroPoint: i % 2 === 0 ? 0 : za }, { dtype: 'int16', scale: so / 200 }, shapes, i % 3 !== 1),
    one(`prelu-float32-${i}`, { dtype: 'float32' }, { dtype: 'float32' }, { dtype: 'float32' }, shapes, i % 3 !== 0),
  ];
});
