import type { TensorDescription } from '../../../../harness/model/writer/index.ts';
import type { OperatorCase } from '../../case.ts';

type Type = 'int8' | 'int16' | 'float32' | 'bool';
type Quantisation = { readonly scale: number; readonly zeroPoint: number };

interface Form {
  readonly shape: readonly number[];
  readonly axes: readonly number[];
  readonly keepDims?: boolean;
}

const FORMS: readonly Form[] = [
  { shape: [1], axes: [0] },
  { shape: [5], axes: [-1] },
  { shape: [3, 4], axes: [0] },
  { shape: [3, 4], axes: [1], keepDims: true },
  { shape: [17, 1], axes: [0, 1] },
  { shape: [2, 3, 5], axes: [1] },
  { shape: [2, 3, 5], axes: [0, 2], keepDims: true },
  { shape: [2, 3, 5], axes: [-1, -3] },
  { shape: [1, 4, 5, 16], axes: [1, 2] },
  { shape: [2, 3, 3, 7], axes: [2, 1], keepDims: true },
  { shape: [2, 3, 4, 5], axes: [0, 2] },
  { shape: [2, 3, 4, 5], axes: [1, 3], keepDims: true },
  { shape: [2, 3, 4, 5], axes: [0, 1, 2, 3] },
  { shape: [2, 3, 4, 5], axes: [1, 1, -3] },
  { shape: [2, 2, 3, 2, 4], axes: [0, 2, 4] },
  { shape: [2, 2, 3, 2, 4], axes: [1, 3] },
  { shape: [3, 2, 2, 2, 2, 3], axes: [1, 3, 5], keepDims: true },
  { shape: [1, 16, 17, 3], axes: [1, 2] },
  { shape: [2, 3, 4, 8], axes: [1] },
  { shape: [3, 2, 2, 5, 12], axes: [0, 2], keepDims: true },
];

/** Output scales against an input of 0.05: every requantising shift that keeps some of the sum, and saturation. */
const SCALES = [0.0001, 0.004, 0.02, 0.05, 0.1, 0.7, 6, 900];
const SAME: readonly [Quantisation, Quantisation] = [{ scale: 0.05, zeroPoint: 3 }, { scale: 0.05, zeroPoint: 3 }];

function reduce(op: string, dtype: Type, { shape, axes, keepDims = false }: Form, name: string, quantisation: readonly [Quantisation, Quantisation]): OperatorCase {
  const reduced = new Set(axes.map((a) => (a < 0 ? a + shape.length : a)));
  const output = shape.flatMap((n, a) => (reduced.has(a) ? (keepDims ? [1] : []) : [n]));
  const tensor = (tensorName: string, dimensions: readonly number[], q: Quantisation): TensorDescription => ({
    name: tensorName, dtype, shape: dimensions, ...(dtype === 'int8' ? { quantisation: q } : dtype === 'int16' ? { quantisation: { scale: q.scale, zeroPoint: 0 } } : {}),
  });
  return {
    name: `${op.toLowerCase().replaceAll('_', '-')}-${dtype}-${name}`,
    op,
    model: {
      tensors: [tensor('x', shape, quantisation[0]), { name: 'axes', dtype: 'int32', shape: [axes.length], data: axes }, tensor('y', output, quantisation[1])],
      operators: [{ op, inputs: ['x', 'axes'], outputs: ['y'], options: { keep_dims: keepDims } }],
      inputs: ['x'],
      outputs: ['y'],
    },
  };
}

const shapes = (op: string, dtype: Type): OperatorCase[] => FORMS.map((form, i) => reduce(op, dtype, form, String(i), SAME));
const scales = (op: string, dtype: Type): OperatorCase[] => [FORMS[7], FORMS[8]].flatMap((form, f) => SCALES.map((scale, i) =>
  reduce(op, dtype, form as Form, `scale-${f}-${i}`, [{ scale: 0.05, zeroPoint: [-128, 127, 11][i % 3] as number }, { scale, zeroPoint: [127, -5, -128][i % 3] as number }])));

export const reduces: readonly OperatorCase[] = [
  ...['MEAN', 'SUM'].flatMap((op) => [...shapes(op, 'int8'), ...shapes(op, 'int16'), ...shapes(op, 'float32'), ...scales(op, 'int8'), ...scales(op, 'int16')]),
  ...['REDUCE_MAX', 'REDUCE_MIN'].flatMap((op) => [...shapes(op, 'int8'), ...shapes(op, 'float32')]),
  ...shapes('REDUCE_ALL', 'bool'),
];
