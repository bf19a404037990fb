import type { OperatorCase } from '../../case.ts';
import { windowCase } from './window.ts';
import type { WindowLayer } from './window.ts';

const layers: WindowLayer[] = [
  { name: '1x1', input: [1, 1, 1, 1], channels: 1, kernel: [1, 1] },
  { name: 'pointwise', input: [1, 3, 3, 16], channels: 17, kernel: [1, 1] },
  { name: 'pointwise-strided', input: [1, 5, 4, 3], channels: 5, kernel: [1, 1], stride: [2, 3] },
  { name: 'batches', input: [3, 4, 3, 5], channels: 3, kernel: [3, 2] },
  { name: 'tall', input: [1, 17, 1, 3], channels: 4, kernel: [5, 1], stride: [2, 1] },
  { name: 'wide', input: [1, 1, 17, 3], channels: 4, kernel: [1, 5], stride: [1, 3] },
  { name: 'kernel-larger-than-input', input: [1, 2, 3, 2], channels: 3, kernel: [5, 7] },
  { name: 'kernel-covers-input', input: [1, 4, 5, 3], channels: 7, kernel: [4, 5], padding: 'VALID' },
  { name: 'even-kernel', input: [1, 5, 5, 2], channels: 3, kernel: [2, 4] },
  { name: 'dilated', input: [1, 7, 8, 3], channels: 3, kernel: [3, 2], dilation: [2, 3] },
  { name: 'dilated-strided', input: [1, 9, 9, 2], channels: 2, kernel: [3, 3], dilation: [2, 2], stride: [2, 2] },
  { name: 'dilated-valid', input: [1, 9, 8, 3], channels: 3, kernel: [3, 3], dilation: [3, 2], padding: 'VALID' },
  { name: 'dilation-beyond-input', input: [1, 3, 3, 2], channels: 2, kernel: [3, 3], dilation: [4, 5] },
  { name: 'grouped', input: [1, 4, 4, 6], channels: 9, kernel: [3, 3], groups: 3 },
  { name: 'grouped-one-channel', input: [1, 4, 3, 5], channels: 10, kernel: [2, 3], groups: 5, stride: [2, 1] },
  { name: 'grouped-dilated', input: [2, 5, 5, 4], channels: 2, kernel: [2, 2], groups: 2, dilation: [2, 2] },
  { name: 'no-bias', input: [1, 4, 4, 3], channels: 5, kernel: [3, 3], bias: 'none' },
  { name: 'one-scale', input: [1, 4, 4, 3], channels: 5, kernel: [3, 3], perChannel: false },
  { name: 'one-channel-out', input: [1, 5, 5, 16], channels: 1, kernel: [3, 3] },
  { name: 'deep', input: [1, 2, 2, 67], channels: 6, kernel: [2, 2] },
];
for (const channels of [1, 2, 3, 4, 5, 7, 8, 15, 16, 17]) {
  layers.push({ name: `input-channels-${channels}`, input: [1, 3, 4, channels], channels: 3, kernel: [3, 3], inputZeroPoint: 5, outputZeroPoint: -7 });
  layers.push({ name: `output-channels-${channels}`, input: [1, 3, 3, 4], channels, kernel: [2, 2], inputZeroPoint: -5, outputZeroPoint: 9 });
}
for (const padding of ['SAME', 'VALID'] as const) {
  for (const stride of [1, 2, 3]) {
    for (const size of [6, 7]) layers.push({ name: `${padding.toLowerCase()}-stride-${stride}-size-${size}`, input: [1, size, size + 1, 2], channels: 3, kernel: [3, 4], stride: [stride, stride], padding, inputZeroPoint: -100 });
  }
}
for (const inputZeroPoint of [-128, 127]) {
  for (const outputZeroPoint of [-128, 127]) layers.push({ name: `zero-points${inputZeroPoint}${outputZeroPoint}`, input: [1, 4, 4, 3], channels: 4, kernel: [3, 3], inputZeroPoint, outputZeroPoint });
}
for (const activation of [0, 1, 2, 3]) {
  layers.push({ name: `activation-${activation}`, input: [1, 4, 4, 3], channels: 4, kernel: [3, 3], activation, outputZeroPoint: -20, inputZeroPoint: 3 });
  layers.push({ name: `activation-${activation}-fine-scale`, input: [1, 3, 4, 3], channels: 4, kernel: [3, 3], activation, factor: 0.0007, outputZeroPoint: 12 });
}
// A multiplier of every shift; bias values so large that the shift leaves something.
for (let shift = -31; shift <= 10; shift++) {
  layers.push({ name: `shift${shift}`, input: [1, 2, 2, 2], channels: 6, kernel: [1, 1], factor: 0.76 * 2 ** shift, biasReach: Math.min(2 ** 31 - 2 ** 20, 90 * 2 ** -shift) });
}
layers.push({ name: 'saturating', input: [1, 2, 2, 16], channels: 5, kernel: [2, 2], factor: 0.5, biasReach: 2 ** 20 });

export const conv2dInt8: readonly OperatorCase[] = layers.map((layer) => windowCase('CONV_2D', { ...layer, name: `conv-2d-${layer.name}` }));
