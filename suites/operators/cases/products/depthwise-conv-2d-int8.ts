import type { OperatorCase } from '../../case.ts';
import { windowCase } from './window.ts';
import type { WindowLayer } from './window.ts';

const layers: WindowLayer[] = [
  { name: '1x1', input: [1, 1, 1, 1], channels: 1, kernel: [1, 1] },
  { name: 'batches', input: [3, 4, 3, 5], channels: 5, kernel: [3, 2] },
  { name: 'tall', input: [1, 17, 1, 3], channels: 3, kernel: [5, 1], stride: [2, 2] },
  { name: 'kernel-larger-than-input', input: [1, 2, 3, 2], channels: 2, kernel: [5, 7] },
  { name: 'kernel-covers-input', input: [1, 4, 5, 3], channels: 3, kernel: [4, 5], padding: 'VALID' },
  { name: 'first-layer', input: [1, 9, 5, 1], channels: 8, kernel: [5, 4], stride: [2, 2] },
  { name: 'dilated', input: [1, 7, 8, 3], channels: 3, kernel: [3, 2], dilation: [2, 3] },
  { name: 'dilated-strided', input: [1, 9, 9, 2], channels: 2, kernel: [3, 3], dilation: [2, 2], stride: [2, 2] },
  { name: 'dilated-multiplied', input: [1, 7, 7, 2], channels: 6, kernel: [3, 3], dilation: [2, 1], padding: 'VALID' },
  { name: 'dilation-beyond-input', input: [1, 3, 3, 2], channels: 2, kernel: [3, 3], dilation: [4, 5] },
  { name: 'no-bias', input: [1, 4, 4, 3], channels: 3, kernel: [3, 3], bias: 'none' },
  { name: 'one-scale', input: [1, 4, 4, 3], channels: 3, kernel: [3, 3], perChannel: false },
];
for (const channels of [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17]) {
  layers.push({ name: `channels-${channels}`, input: [1, 3, 3, channels], channels, kernel: [3, 3], inputZeroPoint: 5, outputZeroPoint: -7 });
}
for (const multiplier of [2, 3, 4, 5]) {
  for (const depth of [1, 2, 3]) layers.push({ name: `depth-${depth}-multiplier-${multiplier}`, input: [1, 3, 4, depth], channels: depth * multiplier, kernel: [2, 3], inputZeroPoint: -3 });
}
for (const padding of ['SAME', 'VALID'] as const) {
  for (const stride of [1, 2, 3]) {
    for (const size of [6, 7]) layers.push({ name: `${padding.toLowerCase()}-stride-${stride}-size-${size}`, input: [1, size, size + 1, 3], channels: 3, kernel: [3, 4], stride: [stride, stride], padding, inputZeroPoint: -100 });
  }
}
for (const inputZeroPoint of [-128, 127]) {
  for (const outputZeroPoint of [-128, 127]) layers.push({ name: `zero-points${inputZeroPoint}${outputZeroPoint}`, input: [1, 4, 4, 4], channels: 4, kernel: [3, 3], inputZeroPoint, outputZeroPoint });
}
for (const activation of [0, 1, 2, 3]) {
  layers.push({ name: `activation-${activation}`, input: [1, 4, 4, 3], channels: 3, kernel: [3, 3], activation, outputZeroPoint: -20, inputZeroPoint: 3 });
}
for (let shift = -31; shift <= 10; shift++) {
  layers.push({ name: `shift${shift}`, input: [1, 2, 2, 5], channels: 5, kernel: [1, 1], factor: 0.76 * 2 ** shift, biasReach: Math.min(2 ** 31 - 2 ** 20, 90 * 2 ** -shift) });
}

export const depthwiseConv2dInt8: readonly OperatorCase[] = layers.map((layer) => windowCase('DEPTHWISE_CONV_2D', { ...layer, name: `depthwise-conv-2d-${layer.name}` }));
