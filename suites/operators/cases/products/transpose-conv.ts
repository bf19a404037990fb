import type { OperatorCase } from '../../case.ts';
import { operands } from './layer.ts';
import type { Arithmetic } from './layer.ts';

interface TransposeLayer extends Arithmetic {
  readonly name: string;
  /** [batches, height, width, channels] of the output. */
  readonly output: readonly [number, number, number, number];
  readonly depth: number;
  readonly kernel: readonly [number, number];
  readonly stride?: readonly [number, number];
  readonly padding?: 'SAME' | 'VALID';
}

function transposeCase(layer: TransposeLayer): OperatorCase {
  const { output, depth, kernel, stride = [1, 1], padding = 'SAME' } = layer;
  const [height, width] = [0, 1].map((axis) => {
    const size = output[axis + 1] as number;
    return padding === 'SAME' ? Math.ceil(size / (stride[axis] as number)) : Math.floor((size - (kernel[axis] as number)) / (stride[axis] as number)) + 1;
  }) as [number, number];
  const taps = Math.ceil((kernel[0] * kernel[1]) / (stride[0] * stride[1])) * depth;
  const tensors = operands(layer.name, { input: [output[0], height, width, depth], weights: [output[3], ...kernel, depth], output, channels: output[3], channelAxis: 0, depth: taps }, layer);
  return {
    name: layer.name, op: 'TRANSPOSE_CONV',
    model: {
      tensors: [{ name: 'shape', dtype: 'int32', shape: [4], data: output }, tensors.weights, tensors.input, ...tensors.bias, tensors.output],
      operators: [{
        op: 'TRANSPOSE_CONV', version: 3, inputs: ['shape', 'w', 'x', ...tensors.bias.map(({ name }) => name)], outputs: ['y'],
        options: { padding: padding === 'SAME' ? 0 : 1, stride_h: stride[0], stride_w: stride[1], fused_activation_function: layer.activation ?? 0 },
      }],
      inputs: ['x'], outputs: ['y'],
    },
  };
}

const shapes: TransposeLayer[] = [
  { name: '1x1', output: [1, 1, 1, 1], depth: 1, kernel: [1, 1] },
  { name: 'same', output: [2, 4, 5, 3], depth: 3, kernel: [3, 3] },
  { name: 'stride-2', output: [1, 6, 6, 2], depth: 3, kernel: [3, 3], stride: [2, 2] },
  { name: 'stride-2-odd', output: [1, 7, 5, 3], depth: 2, kernel: [2, 4], stride: [2, 2] },
  { name: 'stride-3', output: [1, 7, 8, 2], depth: 2, kernel: [4, 3], stride: [3, 3] },
  { name: 'stride-beyond-kernel', output: [1, 6, 7, 2], depth: 3, kernel: [2, 1], stride: [3, 3] },
  { name: 'padding-no-multiple-of-stride', output: [1, 8, 8, 2], depth: 2, kernel: [5, 5], stride: [2, 3] },
  { name: 'kernel-larger-than-output', output: [1, 2, 3, 2], depth: 3, kernel: [5, 7] },
  { name: 'valid', output: [1, 5, 6, 3], depth: 5, kernel: [3, 2], padding: 'VALID' },
  { name: 'valid-stride-2', output: [1, 7, 6, 2], depth: 3, kernel: [3, 2], stride: [2, 2], padding: 'VALID' },
  { name: 'valid-stride-2-rest', output: [1, 8, 7, 2], depth: 3, kernel: [3, 2], stride: [2, 2], padding: 'VALID' },
  { name: 'channels-17', output: [1, 2, 2, 17], depth: 16, kernel: [2, 2], stride: [2, 2] },
  { name: 'no-bias', output: [1, 4, 4, 2], depth: 3, kernel: [3, 3], stride: [2, 2], bias: 'none' },
  { name: 'one-scale', output: [1, 4, 4, 3], depth: 3, kernel: [3, 3], perChannel: false },
];
const activations = [1, 2, 3].map((activation): TransposeLayer => ({ name: `activation-${activation}`, output: [1, 4, 4, 3], depth: 2, kernel: [3, 3], stride: [2, 2], activation, factor: 0.0007 }));
const int8: TransposeLayer[] = [...shapes, ...activations];
for (const inputZeroPoint of [-128, 127]) {
  for (const outputZeroPoint of [-128, 127]) int8.push({ name: `zero-points${inputZeroPoint}${outputZeroPoint}`, output: [1, 4, 5, 2], depth: 3, kernel: [3, 3], stride: [2, 2], inputZeroPoint, outputZeroPoint });
}
for (let shift = -31; shift <= 10; shift += 3) {
  int8.push({ name: `shift${shift}`, output: [1, 2, 2, 5], depth: 2, kernel: [1, 1], factor: 0.76 * 2 ** shift, biasReach: Math.min(2 ** 31 - 2 ** 20, 90 * 2 ** -shift) });
}
const int16: TransposeLayer[] = [...shapes, ...activations.map((layer) => ({ ...layer, factor: 1e-6 }))];
for (let shift = -31; shift <= 7; shift += 2) {
  int16.push({ name: `shift${shift}`, output: [1, 2, 2, 5], depth: 2, kernel: [1, 1], factor: 0.76 * 2 ** shift, biasReach: Math.min(2 ** 44, 25000 * 2 ** -shift) });
}

export const transposeConv: readonly OperatorCase[] = [
  ...int8.map((layer) => transposeCase({ ...layer, name: `transpose-conv-${layer.name}` })),
  ...int16.map((layer) => transposeCase({ ...layer, dtype: 'int16', name: `transpose-conv-int16-${layer.name}` })),
  ...[...shapes, ...activations].map((layer) => transposeCase({ ...layer, dtype: 'float32', name: `transpose-conv-float32-${layer.name}` })),
];
