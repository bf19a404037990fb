import { productMultiplier, quantizeMultiplier, requantiseDouble } from '../../../../harness/numerics/index.ts';
import type { TensorDescription } from '../../../../harness/model/writer/index.ts';
import type { OperatorCase } from '../../case.ts';
import { integers, reals } from './random.ts';

interface Sizes {
  readonly batches: number;
  readonly depth: number;
  readonly units: number;
  readonly rank: number;
  readonly memory: number;
}

const SIZES: readonly Sizes[] = [
  { batches: 1, depth: 1, units: 1, rank: 1, memory: 1 },
  { batches: 1, depth: 3, units: 2, rank: 1, memory: 4 },
  { batches: 2, depth: 5, units: 3, rank: 2, memory: 3 },
  { batches: 3, depth: 16, units: 4, rank: 1, memory: 1 },
  { batches: 1, depth: 17, units: 5, rank: 3, memory: 10 },
  { batches: 1, depth: 40, units: 8, rank: 2, memory: 7 },
];

/** Enough to push the first sample out of the longest memory. */
const SAMPLES = 12;

interface Scales {
  readonly state: number;
  readonly output: number;
  readonly inputZero: number;
  readonly stateZero: number;
  readonly outputZero: number;
  readonly activation?: number;
}

const SCALES: readonly Scales[] = [
  { state: 0.1, output: 0.4, inputZero: 0, stateZero: 0, outputZero: 0 },
  { state: 0.02, output: 0.05, inputZero: -128, stateZero: 7, outputZero: 127 },
  { state: 0.001, output: 0.0004, inputZero: 127, stateZero: -128, outputZero: -128 },
  { state: 3, output: 90, inputZero: 5, stateZero: 100, outputZero: -3, activation: 1 },
];

function model(name: string, { batches, depth, units, rank, memory }: Sizes, tensor: (role: 'x' | 'feature' | 'time' | 'bias' | 'state' | 'y', shape: readonly number[]) => TensorDescription, activation: number): OperatorCase {
  const filters = units * rank;
  return {
    name, op: 'SVDF', samples: SAMPLES,
    model: {
      tensors: [
        tensor('x', [batches, depth]), tensor('feature', [filters, depth]), tensor('time', [filters, memory]), tensor('bias', [units]),
        { ...tensor('state', [batches, filters * memory]), isVariable: true }, tensor('y', [batches, units]),
      ],
      operators: [{ op: 'SVDF', inputs: ['x', 'feature', 'time', 'bias', 'state'], outputs: ['y'], options: { rank, fused_activation_function: activation } }],
      inputs: ['x'],
      outputs: ['y'],
    },
  };
}

const count = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

function integerCase(sizes: Sizes, scales: Scales, stateType: 'int8' | 'int16', name: string): OperatorCase {
  const [input, feature] = [0.03, 0.02];
  const wide = stateType === 'int16';
  const time = wide ? 0.0007 : 0.01;
  const state = wide ? scales.state / 100 : scales.state;
  const dtypeOf = { x: 'int8', feature: 'int8', time: stateType, bias: 'int32', state: stateType, y: 'int8' } as const;
  const quantisation = {
    x: { scale: input, zeroPoint: scales.inputZero }, feature: { scale: feature }, time: { scale: time }, bias: { scale: state * time },
    state: { scale: state, zeroPoint: wide ? 0 : scales.stateZero }, y: { scale: scales.output, zeroPoint: scales.outputZero },
  };
  const data = (role: string, shape: readonly number[]): { data?: number[] } => {
    // int16 time weights stay where no sum can leave int32.
    if (role === 'feature') return { data: integers(1, count(shape), -127, 127) };
    if (role === 'time') return { data: integers(2, count(shape), wide ? -2000 : -127, wide ? 2000 : 127) };
    return role === 'bias' ? { data: integers(3, count(shape), -3000, 3000) } : {};
  };
  return model(name, sizes, (role, shape) => ({ name: role, dtype: dtypeOf[role], shape, quantisation: quantisation[role], ...data(role, shape) }), scales.activation ?? 0);
}

function floatCase(sizes: Sizes, activation: number, name: string): OperatorCase {
  const data = (role: string, shape: readonly number[]): { data?: number[] } =>
    (['feature', 'time', 'bias'].includes(role) ? { data: reals(role.length, count(shape), 1) } : {});
  return model(name, sizes, (role, shape) => ({ name: role, dtype: 'float32', shape, ...data(role, shape) }), activation);
}

/**
 * Features for which the ways to form input * weights / state (in float32, in double, the product alone in float32) give different
 * states; the bias takes off what double gives, so that the output shows the state's last bit.
 */
function scaleCase(): OperatorCase {
  const [input, weights, state, half] = [0.03717, 0.0213, 0.000731, 0.5].map(Math.fround) as [number, number, number, number];
  const factors = (['double', 'float32', 'float32-product'] as const).map((arithmetic) => quantizeMultiplier(productMultiplier(input, weights, state, arithmetic)));
  const stateOf = (sum: number): number[] => factors.map(({ multiplier, shift }) => requantiseDouble(sum, multiplier, shift));
  const sums = Array.from({ length: 28000 }, (_, sum) => sum).filter((sum) => new Set(stateOf(sum)).size > 1);
  const digits = sums.flatMap((sum) => [Math.min(127, Math.floor(sum / 127)), Math.floor(Math.max(0, sum - 127 * 127) / 127), sum % 127]);
  const tensors: TensorDescription[] = [
    { name: 'x', dtype: 'int8', shape: [1, 3], quantisation: { scale: input } },
    { name: 'feature', dtype: 'int8', shape: [sums.length, 3], quantisation: { scale: weights }, data: digits },
    { name: 'time', dtype: 'int16', shape: [sums.length, 1], quantisation: { scale: half }, data: sums.map(() => 1) },
    { name: 'bias', dtype: 'int32', shape: [sums.length], quantisation: { scale: state * half }, data: sums.map((sum) => -(stateOf(sum)[0] as number)) },
    { name: 'state', dtype: 'int16', shape: [1, sums.length], quantisation: { scale: state }, isVariable: true },
    { name: 'y', dtype: 'int8', shape: [1, sums.length], quantisation: { scale: state * half } },
  ];
  return {
    name: 'svdf-int16-scales', op: 'SVDF', samples: 1, inputs: [[[127, 127, 1]]],
    model: { tensors, operators: [{ op: 'SVDF', inputs: ['x', 'feature', 'time', 'bias', 'state'], outputs: ['y'], options: { rank: 1 } }], inputs: ['x'], outputs: ['y'] },
  };
}

export const svdf: readonly OperatorCase[] = [
  ...(['int8', 'int16'] as const).flatMap((type) => SIZES.flatMap((sizes, i) => SCALES.map((scales, k) => integerCase(sizes, scales, type, `svdf-${type}-${i}-${k}`)))),
  ...SIZES.map((sizes, i) => floatCase(sizes, i % 4, `svdf-float32-${i}`)),
  scaleCase(),
];
