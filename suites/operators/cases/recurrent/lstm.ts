import type { TensorDescription } from '../../../../harness/model/writer/index.ts';
import type { OperatorCase } from '../../case.ts';
import { integers } from './random.ts';

interface Form {
  readonly batches: number;
  readonly steps: number;
  readonly inputs: number;
  readonly units: number;
  readonly timeMajor?: boolean;
  /** The cell's scale is 2^cellPower. */
  readonly cellPower?: number;
  readonly cellClip?: number;
  /** Scale of the weights, default 0.004. */
  readonly weights?: number;
  readonly inputZero?: number;
  readonly hiddenZero?: number;
}

const FORMS: readonly Form[] = [
  { batches: 1, steps: 1, inputs: 1, units: 1 },
  { batches: 1, steps: 3, inputs: 2, units: 3, inputZero: -128, hiddenZero: 127 },
  { batches: 2, steps: 4, inputs: 5, units: 2, hiddenZero: -4 },
  { batches: 3, steps: 2, inputs: 3, units: 5, timeMajor: true, inputZero: 127, hiddenZero: -128 },
  { batches: 1, steps: 5, inputs: 17, units: 16, weights: 0.0005 },
  { batches: 1, steps: 3, inputs: 16, units: 17, weights: 0.02 },
  { batches: 1, steps: 6, inputs: 4, units: 6, cellPower: -15, cellClip: 0.5 },
  { batches: 1, steps: 6, inputs: 4, units: 6, cellPower: -9, cellClip: 4 },
  { batches: 2, steps: 3, inputs: 7, units: 4, cellPower: -13, timeMajor: true },
];

const GATE_COUNT = 4;

function lstm(form: Form, type: 'int8' | 'int16', index: number): OperatorCase {
  const { batches, steps, inputs, units, timeMajor = false, cellPower = -11, cellClip = 0, weights = 0.004 } = form;
  const wide = type === 'int16';
  const zero = (value: number | undefined): number => (wide ? 0 : (value ?? 0));
  const x = wide ? 0.00012 : 0.03;
  const h = wide ? 2 ** -15 : 2 ** -7;
  const sequence = (depth: number): number[] => (timeMajor ? [steps, batches, depth] : [batches, steps, depth]);
  const gate = (seed: number, name: string): TensorDescription[] => [
    { name: `w${name}`, dtype: 'int8', shape: [units, inputs], quantisation: { scale: weights * (1 + seed / 7) }, data: integers(seed, units * inputs, -127, 127) },
    { name: `r${name}`, dtype: 'int8', shape: [units, units], quantisation: { scale: weights * (1 + seed / 5) }, data: integers(seed + 10, units * units, -127, 127) },
    { name: `b${name}`, dtype: wide ? 'int64' : 'int32', shape: [units], quantisation: { scale: x * weights * (1 + seed / 7) }, data: integers(seed + 20, units, wide ? -900_000 : -4000, wide ? 900_000 : 4000) },
  ];
  const names = (letter: string): string[] => Array.from({ length: GATE_COUNT }, (_, k) => `${letter}${k}`);
  const none = (count: number): number[] => Array.from({ length: count }, () => -1);
  return {
    name: `unidirectional-sequence-lstm-${type}-${index}`, op: 'UNIDIRECTIONAL_SEQUENCE_LSTM', samples: 4,
    model: {
      tensors: [
        { name: 'x', dtype: type, shape: sequence(inputs), quantisation: { scale: x, zeroPoint: zero(form.inputZero) } },
        ...Array.from({ length: GATE_COUNT }, (_, k) => gate(k, String(k))).flat(),
        { name: 'h', dtype: type, shape: [batches, units], quantisation: { scale: h, zeroPoint: zero(form.hiddenZero) }, isVariable: true },
        { name: 'c', dtype: 'int16', shape: [batches, units], quantisation: { scale: 2 ** cellPower }, isVariable: true },
        { name: 'y', dtype: type, shape: sequence(units), quantisation: { scale: h, zeroPoint: zero(form.hiddenZero) } },
      ],
      operators: [{
        op: 'UNIDIRECTIONAL_SEQUENCE_LSTM', inputs: ['x', ...names('w'), ...names('r'), ...none(3), ...names('b'), ...none(2), 'h', 'c', ...none(4)], outputs: ['y'],
        options: { fused_activation_function: 4, cell_clip: cellClip, time_major: timeMajor },
      }],
      inputs: ['x'], outputs: ['y'],
    },
  };
}

export const lstms: readonly OperatorCase[] = (['int8', 'int16'] as const).flatMap((type) => FORMS.map((form, i) => lstm(form, type, i)));
