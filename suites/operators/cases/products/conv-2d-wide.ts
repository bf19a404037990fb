import type { OperatorCase } from '../../case.ts';
import { windowCase } from './window.ts';
import type { WindowLayer } from './window.ts';

const shapes: WindowLayer[] = [
  { name: '1x1', input: [1, 1, 1, 1], channels: 1, kernel: [1, 1] },
  { name: 'same', input: [2, 5, 4, 3], channels: 5, kernel: [3, 3] },
  { name: 'strided-valid', input: [1, 7, 6, 2], channels: 3, kernel: [3, 2], stride: [2, 3], padding: 'VALID' },
  { name: 'dilated', input: [1, 6, 7, 2], channels: 3, kernel: [2, 3], dilation: [2, 2] },
  { name: 'grouped', input: [1, 4, 4, 4], channels: 6, kernel: [3, 2], groups: 2 },
  { name: 'one-scale', input: [1, 3, 3, 17], channels: 4, kernel: [3, 3], perChannel: false },
  ...[0, 1, 2, 3].map((activation): WindowLayer => ({ name: `activation-${activation}`, input: [1, 3, 4, 3], channels: 4, kernel: [2, 2], activation, factor: 1e-6 })),
];
/** TensorType INT32 of the schema. */
const INT32 = 2;
const biases: readonly [string, Partial<WindowLayer>][] = [
  ['int64', { bias: 'int64' }], ['int32', { bias: 'int32' }], ['no-bias', { bias: 'none' }], ['no-bias-int32', { bias: 'none', quantizedBiasType: INT32 }],
];
const layers = shapes.flatMap((shape) => biases.map(([name, bias]): WindowLayer => ({ ...shape, ...bias, name: `int16-${name}-${shape.name}` })));
// int64 sums allow shifts up to 7.
for (let shift = -31; shift <= 7; shift++) {
  layers.push({ name: `int16-shift${shift}`, input: [1, 2, 2, 2], channels: 6, kernel: [1, 1], bias: 'int64', factor: 0.76 * 2 ** shift, biasReach: Math.min(2 ** 44, 25000 * 2 ** -shift) });
}
for (const shift of [-31, -24, -16, -9, -1, 0, 1]) {
  layers.push({ name: `int16-int32-shift${shift}`, input: [1, 2, 2, 2], channels: 6, kernel: [1, 1], bias: 'int32', factor: 0.76 * 2 ** shift, biasReach: Math.min(2 ** 30, 25000 * 2 ** -shift) });
}
// The 16-bit multiplier's upper end, where rounding would leave 16 bits.
layers.push({ name: 'int16-multiplier-end', input: [1, 2, 2, 2], channels: 6, kernel: [1, 1], bias: 'int64', factor: 0.999995, perChannel: false });

export const conv2dInt16: readonly OperatorCase[] = layers.map((layer) => windowCase('CONV_2D', { ...layer, dtype: 'int16', name: `conv-2d-${layer.name}` }));

export const conv2dFloat: readonly OperatorCase[] = [...shapes, { name: 'no-bias', input: [1, 4, 4, 3], channels: 5, kernel: [3, 3], bias: 'none' } as const]
  .map((shape) => windowCase('CONV_2D', { ...shape, dtype: 'float32', name: `conv-2d-float32-${shape.name}` }));
