import type { OperatorCase } from '../../case.ts';
import { denseCase } from './dense.ts';
import type { DenseLayer } from './dense.ts';

const shapes: DenseLayer[] = [
  { name: '1x1', depth: 1, channels: 1 },
  { name: 'batches', batches: 3, depth: 7, channels: 5 },
  { name: 'scale-a-channel', batches: 2, depth: 17, channels: 6, perChannel: true },
  { name: 'long', depth: 130, channels: 3 },
  { name: 'computed-weights', batches: 2, depth: 6, channels: 5, computedWeights: true },
  ...[0, 1, 2, 3].map((activation): DenseLayer => ({ name: `activation-${activation}`, batches: 2, depth: 9, channels: 9, activation, factor: 1e-6 })),
];
/** TensorType INT32 of the schema. */
const INT32 = 2;
const biases: readonly [string, Partial<DenseLayer>][] = [
  ['int64', { bias: 'int64' }], ['int32', { bias: 'int32' }], ['no-bias', { bias: 'none' }], ['no-bias-int32', { bias: 'none', quantizedBiasType: INT32 }],
];
const layers = shapes.flatMap((shape) => biases.map(([name, bias]): DenseLayer => ({ ...shape, ...bias, name: `int16-${name}-${shape.name}` })));
for (let shift = -31; shift <= 7; shift++) {
  layers.push({ name: `int16-shift${shift}`, batches: 2, depth: 2, channels: 6, bias: 'int64', factor: 0.76 * 2 ** shift, biasReach: Math.min(2 ** 44, 25000 * 2 ** -shift) });
}

export const fullyConnectedInt16: readonly OperatorCase[] = layers.map((layer) => denseCase({ ...layer, dtype: 'int16', name: `fully-connected-${layer.name}` }));

export const fullyConnectedFloat: readonly OperatorCase[] = [...shapes, { name: 'no-bias', batches: 2, depth: 9, channels: 6, bias: 'none' } as const]
  .map((shape) => denseCase({ ...shape, dtype: 'float32', name: `fully-connected-float32-${shape.name}` }));
