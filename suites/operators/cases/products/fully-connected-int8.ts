import type { OperatorCase } from '../../case.ts';
import { denseCase } from './dense.ts';
import type { DenseLayer } from './dense.ts';

const layers: DenseLayer[] = [
  { name: '1x1', depth: 1, channels: 1 },
  { name: 'batches', batches: 3, depth: 7, channels: 5, inputZeroPoint: -11 },
  { name: 'image-input', depth: 12, channels: 4, input: [1, 2, 2, 3] },
  { name: 'keep-dims', depth: 5, channels: 3, input: [2, 3, 5], output: [2, 3, 3], keepNumDims: true },
  { name: 'no-bias', batches: 2, depth: 9, channels: 6, bias: 'none' },
  { name: 'weights-zero-point', batches: 2, depth: 9, channels: 6, weightsZeroPoint: -17, inputZeroPoint: 4 },
  { name: 'weights-zero-point-low', depth: 16, channels: 3, weightsZeroPoint: -128, inputZeroPoint: 127 },
  { name: 'computed-weights', batches: 2, depth: 6, channels: 5, computedWeights: true, inputZeroPoint: -3 },
  { name: 'long', depth: 193, channels: 3, inputZeroPoint: 1 },
];
for (const depth of [1, 2, 3, 4, 5, 7, 8, 15, 16, 17]) {
  layers.push({ name: `depth-${depth}`, batches: 2, depth, channels: 3, inputZeroPoint: 5, outputZeroPoint: -7 });
  layers.push({ name: `channels-${depth}`, depth: 6, channels: depth, inputZeroPoint: -5, outputZeroPoint: 9 });
  layers.push({ name: `scale-a-channel-${depth}`, batches: 2, depth: 6, channels: depth, perChannel: true, inputZeroPoint: -5, outputZeroPoint: 9 });
}
for (const inputZeroPoint of [-128, 127]) {
  for (const outputZeroPoint of [-128, 127]) layers.push({ name: `zero-points${inputZeroPoint}${outputZeroPoint}`, depth: 17, channels: 9, inputZeroPoint, outputZeroPoint });
}
for (const activation of [0, 1, 2, 3]) layers.push({ name: `activation-${activation}`, batches: 2, depth: 9, channels: 9, activation, outputZeroPoint: -20 });
for (let shift = -31; shift <= 10; shift++) {
  layers.push({ name: `shift${shift}`, batches: 2, depth: 2, channels: 6, factor: 0.76 * 2 ** shift, biasReach: Math.min(2 ** 31 - 2 ** 20, 90 * 2 ** -shift) });
}

export const fullyConnectedInt8: readonly OperatorCase[] = layers.map((layer) => denseCase({ ...layer, name: `fully-connected-${layer.name}` }));
