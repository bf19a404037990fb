import type { OperatorCase } from '../../case.ts';
import { operands } from './layer.ts';
import type { Arithmetic } from './layer.ts';

/** A FULLY_CONNECTED layer in few words. */
export interface DenseLayer extends Arithmetic {
  readonly name: string;
  readonly batches?: number;
  readonly depth: number;
  readonly channels: number;
  /** Shape of the input, where it is not [batches, depth]. */
  readonly input?: readonly number[];
  readonly output?: readonly number[];
  readonly keepNumDims?: boolean;
  readonly weightsZeroPoint?: number;
  /** Weights come in as an input. */
  readonly computedWeights?: boolean;
  readonly quantizedBiasType?: number;
}

export function denseCase(layer: DenseLayer): OperatorCase {
  const { batches = 1, depth, channels } = layer;
  const tensors = operands(layer.name, {
    input: layer.input ?? [batches, depth], weights: [channels, depth], output: layer.output ?? [batches, channels], channels, channelAxis: 0, depth,
  }, { perChannel: false, ...layer });
  const { data, quantisation, ...rest } = tensors.weights;
  const weights = {
    ...rest,
    ...(quantisation === undefined ? {} : { quantisation: { ...quantisation, ...(layer.weightsZeroPoint === undefined ? {} : { zeroPoint: layer.weightsZeroPoint }) } }),
    ...(layer.computedWeights === true || data === undefined ? {} : { data }),
  };
  return {
    name: layer.name, op: 'FULLY_CONNECTED',
    model: {
      tensors: [tensors.input, weights, ...tensors.bias, tensors.output],
      operators: [{
        op: 'FULLY_CONNECTED', inputs: ['x', 'w', ...(tensors.bias.length === 0 ? [-1] : ['b'])], outputs: ['y'],
        options: { fused_activation_function: layer.activation ?? 0, keep_num_dims: layer.keepNumDims ?? false, quantized_bias_type: layer.quantizedBiasType ?? 0 },
      }],
      inputs: layer.computedWeights === true ? ['x', 'w'] : ['x'], outputs: ['y'],
    },
  };
}
