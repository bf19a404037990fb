import type { OperatorCase } from '../../case.ts';
import { single, type Side } from './graph.ts';

const PROBABILITY8: Side = { dtype: 'int8', scale: 1 / 256, zeroPoint: -128 };
const PROBABILITY16: Side = { dtype: 'int16', scale: 1 / 65536, zeroPoint: -32768 };

/** Rows whose shape matters: one class, few, many, one far above the rest, all equal. */
const SHAPES = [[1, 1], [3, 2], [2, 5], [1, 12], [2, 2, 17], [1, 200], [2, 511]] as const;
const SCALES = [0.0001, 0.004, 0.0235, 0.1, 0.25, 0.7, 3, 20];

const rows = (depth: number, values: readonly ((i: number) => number)[]): number[] => values.flatMap((f) => Array.from({ length: depth }, (_, i) => f(i)));

const int8: readonly OperatorCase[] = SCALES.flatMap((scale, i) => {
  const shape = SHAPES[i % SHAPES.length] as readonly number[];
  const [beta, zeroPoint] = [[1, 0.5, 2.5][i % 3] as number, [-128, 3, 127][i % 3] as number];
  const given = rows(40, [() => 5, (k) => (k === 7 ? 127 : -128), (k) => k - 20, (k) => 127 - k]);
  return [PROBABILITY8, PROBABILITY16].flatMap((output) => [
    single(`softmax-int8-${output.dtype}-${i}`, 'SOFTMAX', { dtype: 'int8', scale, zeroPoint }, output, shape, { beta }),
    single(`softmax-int8-${output.dtype}-${i}-rows`, 'SOFTMAX', { dtype: 'int8', scale, zeroPoint }, output, [4, 40], { beta: 1 }, { samples: 1, inputs: [[given]] }),
  ]);
});

const int16: readonly OperatorCase[] = SCALES.flatMap((scale, i) => {
  const given = rows(40, [() => 500, (k) => (k === 7 ? 32767 : -32768), (k) => (k - 20) * 700, (k) => 32767 - k * k]);
  const output: Side = { dtype: 'int16', scale: 2 ** -15 * (i === 3 ? 1.0005 : 1) };
  return [
    single(`softmax-int16-${i}`, 'SOFTMAX', { dtype: 'int16', scale: scale / 200 }, output, SHAPES[i % SHAPES.length] as readonly number[], { beta: [1, 0.5, 2.5][i % 3] as number }),
    single(`softmax-int16-${i}-rows`, 'SOFTMAX', { dtype: 'int16', scale: scale / 100 }, output, [4, 40], { beta: 1 }, { samples: 1, inputs: [[given]] }),
  ];
});

const float32: readonly OperatorCase[] = SHAPES.slice(0, 6).map((shape, i) =>
  single(`softmax-float32-${i}`, 'SOFTMAX', { dtype: 'float32' }, { dtype: 'float32' }, shape, { beta: [1, 0.5, 20][i % 3] as number }, { ulp: 2 }));

export const softmax: readonly OperatorCase[] = [...int8, ...int16, ...float32];
