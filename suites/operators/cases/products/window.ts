import { windowAxis } from '../../../../harness/numerics/index.ts';
import type { OperatorCase } from '../../case.ts';
import { operands } from './layer.ts';
import type { Arithmetic } from './layer.ts';

/** A CONV_2D or DEPTHWISE_CONV_2D layer in few words. */
export interface WindowLayer extends Arithmetic {
  readonly name: string;
  /** [batches, height, width, channels] */
  readonly input: readonly [number, number, number, number];
  /** Output channels; for depthwise a multiple of the input's. */
  readonly channels: number;
  readonly kernel: readonly [number, number];
  readonly stride?: readonly [number, number];
  readonly dilation?: readonly [number, number];
  readonly padding?: 'SAME' | 'VALID';
  readonly groups?: number;
  /** quantized_bias_type of CONV_2D. */
  readonly quantizedBiasType?: number;
  readonly inputs?: readonly (readonly ArrayLike<number>[])[];
}

export function windowCase(op: 'CONV_2D' | 'DEPTHWISE_CONV_2D', layer: WindowLayer): OperatorCase {
  const { input, channels, kernel, stride = [1, 1], dilation = [1, 1], padding = 'SAME', groups = 1 } = layer;
  const isDepthwise = op === 'DEPTHWISE_CONV_2D';
  const code = padding === 'SAME' ? 0 : 1;
  const [rows, columns] = [0, 1].map((axis) => windowAxis(code, input[axis + 1] as number, kernel[axis] as number, stride[axis] as number, dilation[axis]).outputSize) as [number, number];
  const depth = input[3] / groups;
  const tensors = operands(layer.name, {
    input, channels, output: [input[0], rows, columns, channels],
    weights: isDepthwise ? [1, ...kernel, channels] : [channels, ...kernel, depth],
    channelAxis: isDepthwise ? 3 : 0, depth: kernel[0] * kernel[1] * (isDepthwise ? 1 : depth),
  }, layer);
  return {
    name: layer.name, op,
    ...(layer.inputs === undefined ? {} : { inputs: layer.inputs, samples: layer.inputs.length }),
    model: {
      tensors: [tensors.input, tensors.weights, ...tensors.bias, tensors.output],
      operators: [{
        op, inputs: ['x', 'w', ...tensors.bias.map(({ name }) => name)], outputs: ['y'],
        options: {
          padding: code, stride_h: stride[0], stride_w: stride[1], dilation_h_factor: dilation[0], dilation_w_factor: dilation[1],
          fused_activation_function: layer.activation ?? 0,
          ...(isDepthwise ? { depth_multiplier: channels / input[3] } : { quantized_bias_type: layer.quantizedBiasType ?? 0 }),
        },
      }],
      inputs: ['x'], outputs: ['y'],
    },
  };
}
