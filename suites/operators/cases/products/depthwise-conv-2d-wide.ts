import type { OperatorCase } from '../../case.ts';
import { windowCase } from './window.ts';
import type { WindowLayer } from './window.ts';

const shapes: WindowLayer[] = [
  { name: '1x1', input: [1, 1, 1, 1], channels: 1, kernel: [1, 1] },
  { name: 'same', input: [2, 5, 4, 5], channels: 5, kernel: [3, 3] },
  { name: 'strided-valid', input: [1, 7, 6, 3], channels: 3, kernel: [3, 2], stride: [2, 2], padding: 'VALID' },
  { name: 'dilated', input: [1, 6, 7, 3], channels: 3, kernel: [2, 3], dilation: [2, 2] },
  { name: 'multiplier', input: [1, 4, 4, 3], channels: 6, kernel: [3, 2] },
  { name: 'seventeen', input: [1, 3, 3, 17], channels: 17, kernel: [3, 3], perChannel: false },
  ...[0, 1, 2, 3].map((activation): WindowLayer => ({ name: `activation-${activation}`, input: [1, 3, 4, 4], channels: 4, kernel: [2, 2], activation, factor: 1e-6 })),
];
const layers = shapes.map((shape): WindowLayer => ({ ...shape, name: `int16-${shape.name}` }));
layers.push({ name: 'int16-no-bias', input: [1, 4, 4, 3], channels: 3, kernel: [3, 3], bias: 'none' });
for (let shift = -31; shift <= 7; shift++) {
  layers.push({ name: `int16-shift${shift}`, input: [1, 2, 2, 5], channels: 5, kernel: [1, 1], factor: 0.76 * 2 ** shift, biasReach: Math.min(2 ** 44, 25000 * 2 ** -shift) });
}

export const depthwiseConv2dInt16: readonly OperatorCase[] = layers.map((layer) => windowCase('DEPTHWISE_CONV_2D', { ...layer, dtype: 'int16', name: `depthwise-conv-2d-${layer.name}` }));

export const depthwiseConv2dFloat: readonly OperatorCase[] = [...shapes, { name: 'no-bias', input: [1, 4, 4, 3], channels: 3, kernel: [3, 3], bias: 'none' } as const]
  .map((shape) => windowCase('DEPTHWISE_CONV_2D', { ...shape, dtype: 'float32', name: `depthwise-conv-2d-float32-${shape.name}` }));
