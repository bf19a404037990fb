import type { EmitContext, LayerCode, LayerPlan } from '../../context.ts';
import type { DepthwiseLayer } from '../../layers/depthwise.ts';
import { foldBias, int32Items } from '../../quantised.ts';
import { productComment } from '../portable/product.ts';
import { windowComment, windowText } from '../portable/window.ts';
import { packBytes, roundingOf } from './rows.ts';

const LANES = 16;
const TAPS = 9;
/** Lanes of the four vectors of sums; see firmware/kernels/nn_mve_depthwise.h. */
const SUMS = [[0, 4, 8, 12], [2, 6, 10, 14], [1, 5, 9, 13], [3, 7, 11, 15]] as const;

/** How the channels of a row of outputs are cut into vectors. */
interface Blocks {
  /** Channel of each lane, null for none; 16 a block. */
  readonly channels: readonly (number | null)[];
  /** Pixels that the blocks cover. */
  readonly pixels: number;
}

/** DEPTHWISE_CONV_2D 3x3 with MVE; see firmware/kernels/nn_mve_depthwise.h. null for other windows, dilation and multipliers. */
export function depthwise(layer: DepthwiseLayer): LayerPlan | null {
  const { outputChannels: channels, weights } = layer;
  if (layer.depthMultiplier !== 1 || layer.kernelHeight !== 3 || layer.kernelWidth !== 3 || layer.dilationHeight !== 1 || layer.dilationWidth !== 1) return null;
  const tap = (index: number, channel: number): number => weights[index * channels + channel] ?? 0;
  // -128 * -128 twice does not fit in 16 bits.
  for (let channel = 0; channel < channels; channel += 1) {
    for (let index = 0; index + 1 < TAPS; index += 2) if (tap(index, channel) === -128 && tap(index + 1, channel) === -128) return null;
  }
  const byChannel = Int8Array.from({ length: weights.length }, (_, at) => tap(at % TAPS, Math.floor(at / TAPS)));
  const bias = foldBias(byChannel, channels, TAPS, layer.biases, layer.inputZeroPoint);
  const blocks = cut(layer);
  const items: number[] = [];
  for (let at = 0; at < blocks.channels.length; at += LANES) items.push(...blockItems(layer, blocks.channels.slice(at, at + LANES), bias, tap));
  const ringColumns = (layer.outputWidth - 1) * layer.strideWidth + 3;
  const inPlace = layer.outputWidth <= layer.inputWidth && layer.outputHeight <= layer.inputHeight ? [{ output: 0, input: 0 }] : [];
  return { scratchBytes: 3 * ringColumns * channels + LANES, inPlace, emit: (context) => emit(layer, blocks, items, context) };
}

/** As many pixels in one vector as fit, where they follow each other in the input too; else whole pixels, the last vector in part. */
function cut(layer: DepthwiseLayer): Blocks {
  const { outputChannels: channels, outputWidth, strideWidth } = layer;
  const pixels = LANES / channels;
  if (strideWidth === 1 && Number.isInteger(pixels) && outputWidth % pixels === 0) {
    return { pixels, channels: Array.from({ length: LANES }, (_, lane) => lane % channels) };
  }
  const lanes = Math.ceil(channels / LANES) * LANES;
  return { pixels: 1, channels: Array.from({ length: lanes }, (_, lane) => (lane < channels ? lane : null)) };
}

/** One block in the order of nn_mve_depthwise.blocks. */
function blockItems(layer: DepthwiseLayer, lanes: readonly (number | null)[], bias: readonly number[], tap: (index: number, channel: number) => number): number[] {
  const of = (lane: number, value: (channel: number) => number): number => {
    const channel = lanes[lane] ?? null;
    return channel === null ? 0 : value(channel);
  };
  const factor = (channel: number): { multiplier: number; shift: number } => layer.factors[layer.factors.length === 1 ? 0 : channel] ?? { multiplier: 0, shift: 0 };
  const items = SUMS.flatMap((sum) => sum.map((lane) => of(lane, (channel) => bias[channel] ?? 0)));
  for (let index = 0; index < TAPS; index += 1) {
    for (let lane = 0; lane < LANES; lane += 4) items.push(packBytes([0, 1, 2, 3].map((i) => of(lane + i, (channel) => tap(index, channel)))));
  }
  for (const sum of SUMS) {
    items.push(...sum.map((lane) => of(lane, (channel) => factor(channel).multiplier)));
    items.push(packBytes(sum.map((lane) => of(lane, (channel) => factor(channel).shift))));
  }
  items.push(lanes.reduce<number>((mask, channel, lane) => (channel === null ? mask : mask | (1 << lane)), 0));
  return items;
}

function emit(layer: DepthwiseLayer, blocks: Blocks, items: readonly number[], context: EmitContext): LayerCode {
  const { operator, outputChannels: channels } = layer;
  const constants = context.constants.add(`layer${operator.index}_blocks`, 'int32_t', `of layer ${operator.index}: bias with the input zero point folded in, weights, multipliers, shifts; 16 lanes a block`, int32Items(items));
  const bytes = blocks.channels.length;
  return {
    comment: [...productComment(layer), windowComment(layer)],
    body: [
      'static const nn_mve_depthwise layer = {',
      `  .window = ${windowText(layer)},`,
      `  .blocks = ${constants}, .block_count = ${bytes / LANES}, .steps = ${layer.outputWidth / blocks.pixels},`,
      `  .output_step = ${channels * blocks.pixels - bytes}, .tap_step = ${channels * blocks.pixels * layer.strideWidth - bytes},`,
      `  .input_zero_point = ${layer.inputZeroPoint}, .zero_point = ${layer.outputZeroPoint}, .low = ${layer.low}, .high = ${layer.high},`,
      `  .row = nn_mve_depthwise_${roundingOf(layer)},`,
      '};',
      `nn_mve_run_depthwise(&layer, ${context.pointer(layer.input)}, ${context.pointer(layer.output)}, ${context.scratch(operator)});`,
    ],
    state: [],
    headers: ['nn_mve_depthwise.h'],
  };
}
