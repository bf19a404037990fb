import type { OperatorDescription, TensorDescription } from '../../../../harness/model/writer/index.ts';
import type { OperatorCase } from '../../case.ts';
import { operands } from './layer.ts';

/** CONV_2D 1x1 and DEPTHWISE_CONV_2D 3x3 by turns: layers that can be computed in place, some of them with channels of constant output. */
interface Chain {
  readonly name: string;
  /** [batches, height, width, channels] */
  readonly input: readonly [number, number, number, number];
  /** Output channels of the last layer; all others have those of the input. */
  readonly channels: number;
  /** Channels that no input changes, in all layers. */
  readonly constant?: (channel: number) => boolean;
  readonly zeroPoint?: number;
  readonly activation?: number;
}

const chains: Chain[] = [
  { name: 'one-pixel', input: [1, 1, 1, 8], channels: 8 },
  { name: 'one-row', input: [1, 1, 9, 5], channels: 5, zeroPoint: 3 },
  { name: 'one-column', input: [1, 7, 1, 4], channels: 4, zeroPoint: -128, activation: 1 },
  { name: 'batches', input: [3, 4, 3, 6], channels: 6, zeroPoint: 127 },
  { name: 'many-positions', input: [1, 11, 10, 9], channels: 7, zeroPoint: -128, activation: 1 },
  { name: 'many-batches', input: [5, 5, 5, 4], channels: 4, zeroPoint: -128 },
  { name: 'one-channel', input: [1, 5, 5, 1], channels: 1, zeroPoint: 7 },
];
const patterns: Readonly<Record<string, (channel: number, channels: number) => boolean>> = {
  first: (channel) => channel === 0,
  last: (channel, channels) => channel === channels - 1,
  all: () => true,
  'all-but-one': (channel) => channel !== 5,
  'every-third': (channel) => channel % 3 === 0,
  'two-of-three': (channel) => channel % 3 !== 1,
  'in-a-row': (channel) => channel > 2 && channel < 12,
};
for (const [name, constant] of Object.entries(patterns)) {
  for (const [rows, columns] of [[3, 5], [11, 10]] as const) {
    for (const channels of [8, 17]) {
      chains.push({ name: `constant-${name}-${rows * columns}-positions-${channels}-channels`, input: [1, rows, columns, channels], channels, constant: (channel) => constant(channel, channels), zeroPoint: -128, activation: rows === 3 ? 0 : 1 });
    }
  }
}

const KINDS = ['CONV_2D', 'DEPTHWISE_CONV_2D', 'CONV_2D', 'DEPTHWISE_CONV_2D', 'CONV_2D'] as const;
/** A scale of weights with which no sum is worth one code. */
const NOTHING = 1e-12;

function chainCase(chain: Chain): OperatorCase {
  const name = `conv-2d-chain-${chain.name}`;
  const tensors: TensorDescription[] = [];
  const operators: OperatorDescription[] = [];
  let x = '';
  for (const [index, op] of KINDS.entries()) {
    const isDepthwise = op === 'DEPTHWISE_CONV_2D';
    const [batches, rows, columns, depth] = chain.input;
    const channels = index === KINDS.length - 1 ? chain.channels : depth;
    const made = operands(`${name}-${index}`, {
      input: chain.input, output: [batches, rows, columns, channels], weights: isDepthwise ? [1, 3, 3, channels] : [channels, 1, 1, depth],
      channels, channelAxis: isDepthwise ? 3 : 0, depth: isDepthwise ? 9 : depth,
    }, { inputZeroPoint: chain.zeroPoint ?? 0, outputZeroPoint: chain.zeroPoint ?? 0 });
    const scale = [made.weights.quantisation?.scale ?? 1].flat().map((value, channel) => (chain.constant?.(channel) === true ? NOTHING : value));
    const named = (tensor: TensorDescription): TensorDescription => ({ ...tensor, name: `${tensor.name}${index}` });
    // All activations have the scale of the first: outputs of one layer are inputs of the next.
    const y = { ...named(made.output), quantisation: { ...made.output.quantisation, scale: OUTPUT_SCALE } };
    const w = { ...named(made.weights), quantisation: { ...made.weights.quantisation, scale: scale.map((value) => (value === NOTHING ? value : (value * OUTPUT_SCALE) / outputScaleOf(made.output))) } };
    if (index === 0) {
      tensors.push(made.input);
      x = made.input.name;
    }
    tensors.push(w, ...made.bias.map(named), y);
    operators.push({
      op, inputs: [x, w.name, ...made.bias.map((tensor) => named(tensor).name)], outputs: [y.name],
      options: { padding: 0, stride_h: 1, stride_w: 1, dilation_h_factor: 1, dilation_w_factor: 1, fused_activation_function: chain.activation ?? 0, ...(isDepthwise ? { depth_multiplier: 1 } : {}) },
    });
    x = y.name;
  }
  return { name, op: 'CONV_2D', model: { tensors, operators, inputs: ['x'], outputs: [x] } };
}

/** That of the input of operands(). */
const OUTPUT_SCALE = 0.05;
const outputScaleOf = (tensor: TensorDescription): number => Number([tensor.quantisation?.scale ?? 1].flat()[0]);

export const productChains: readonly OperatorCase[] = chains.map(chainCase);
