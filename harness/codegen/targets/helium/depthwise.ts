import type { EmitContext, LayerCode, LayerPlan } from '../../context.ts';
import type { DepthwiseLayer } from '../../layers/depthwise.ts';
import { int32Items, int8Items } from '../../quantised.ts';
import { productComment } from '../portable/product.ts';
import { windowComment, windowText } from '../portable/window.ts';
import { convolution } from './convolution.ts';
import { biasesAndShifts, channelsOf, formOf, type Channel, type Form } from './channels.ts';
import { exceeds, factorsText, packChannels, packedLines, storage, type Packed } from './packed.ts';
import { packBytes } from './rows.ts';

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
  /** There are lanes of no channel. */
  readonly staged: boolean;
}

/**
 * DEPTHWISE_CONV_2D 3x3 with MVE; see firmware/kernels/nn_mve_depthwise.h. null for other windows, dilation and multipliers, but one
 * input channel makes a convolution of it.
 */
export function depthwise(layer: DepthwiseLayer): LayerPlan | null {
  if (layer.inputChannels === 1 && layer.outputChannels > 1) return convolution({ ...layer, weights: byChannelOf(layer), groups: 1 });
  if (layer.depthMultiplier !== 1 || layer.kernelHeight !== 3 || layer.kernelWidth !== 3 || layer.dilationHeight !== 1 || layer.dilationWidth !== 1) return null;
  const count = layer.outputChannels;
  const channels = channelsOf(layer, byChannelOf(layer), count, TAPS);
  // -128 * -128 twice does not fit in 16 bits.
  if (channels.some(({ weights }) => [0, 2, 4, 6].some((tap) => weights[tap] === -128 && weights[tap + 1] === -128))) return null;
  const form = formOf(layer, channels);
  const blocks = cut(layer);
  const ringColumns = (layer.outputWidth - 1) * layer.strideWidth + 3;
  const inPlace = layer.outputWidth <= layer.inputWidth && layer.outputHeight <= layer.inputHeight ? [{ output: 0, input: 0 }] : [];
  const stage = blocks.staged ? layer.outputWidth * count + LANES : 0;
  const ring = 3 * ringColumns * count + LANES + stage;
  const room = layer.slackBytes + (inPlace.length === 0 ? 0 : layer.output.elements) - ring;
  const plan = { layer, form, blocks, ...keepBlocks(layer, channels, blocks, form, room) };
  return { scratchBytes: plan.unpackedBytes + ring, inPlace, emit: (context) => emit(plan, context) };
}

/** The weights as [channels][height, width]. */
function byChannelOf({ weights, outputChannels }: DepthwiseLayer): Int8Array {
  const taps = weights.length / outputChannels;
  return Int8Array.from({ length: weights.length }, (_, at) => weights[(at % taps) * outputChannels + Math.floor(at / taps)] ?? 0);
}

/** As many pixels in one vector as fit, where they follow each other in the input too; else whole pixels, the last vector in part. */
function cut(layer: DepthwiseLayer): Blocks {
  const { outputChannels: channels, outputWidth, strideWidth } = layer;
  const pixels = LANES / channels;
  if (strideWidth === 1 && Number.isInteger(pixels) && outputWidth % pixels === 0) {
    return { pixels, staged: false, channels: Array.from({ length: LANES }, (_, lane) => lane % channels) };
  }
  const lanes = Math.ceil(channels / LANES) * LANES;
  return { pixels: 1, staged: lanes !== channels, channels: Array.from({ length: lanes }, (_, lane) => (lane < channels ? lane : null)) };
}

const NO_CHANNEL: Channel = { bias: 0, factor: { multiplier: 0, shift: -1 }, weights: new Int8Array(TAPS), constant: null };

/** What is in flash: blocks, or weights and packed channels, which are unpacked into scratch memory. */
interface Kept {
  /** nn_mve_depthwise.blocks */
  readonly items: readonly number[];
  readonly packed: { readonly weights: readonly number[]; readonly channels: Packed } | null;
  /** Scratch memory for the blocks, at its start. */
  readonly unpackedBytes: number;
}

/** @param room bytes of scratch memory that there are for blocks */
function keepBlocks(layer: DepthwiseLayer, channels: readonly Channel[], blocks: Blocks, form: Form, room: number): Kept {
  const items: number[] = [];
  const weights: number[] = [];
  const places: (number | null)[] = [];
  for (let first = 0; first < blocks.channels.length; first += LANES) {
    const numbers = blocks.channels.slice(first, first + LANES);
    const lanes = numbers.map((channel) => (channel === null ? NO_CHANNEL : (channels[channel] ?? NO_CHANNEL)));
    const bySum = SUMS.flat().map((lane) => lanes[lane] ?? NO_CHANNEL);
    const taps = Array.from({ length: TAPS }, (_, tap) => lanes.map((channel) => channel.weights[tap] ?? 0)).flat();
    items.push(...biasesAndShifts(bySum, form), ...words(taps), ...bySum.map(({ factor }) => factor.multiplier));
    weights.push(...taps);
    places.push(...SUMS.flat().map((lane) => numbers[lane] ?? null));
  }
  const bytes = 4 * items.length;
  const packed = bytes <= room && exceeds(layer, bytes) ? packChannels(layer, channels, places, form) : null;
  return packed === null ? { items, packed, unpackedBytes: 0 } : { items, packed: { weights, channels: packed }, unpackedBytes: bytes };
}

/** Bytes, four to a word. */
const words = (bytes: readonly number[]): number[] => Array.from({ length: bytes.length / 4 }, (_, at) => packBytes(bytes.slice(4 * at, 4 * at + 4)));

interface Plan extends Kept { readonly layer: DepthwiseLayer; readonly blocks: Blocks; readonly form: Form }

function emit({ layer, blocks, form, items, packed, unpackedBytes }: Plan, context: EmitContext): LayerCode {
  const { operator, filter, outputChannels: channels } = layer;
  const constants = packed === null
    ? context.constants.add(`layer${operator.index}_blocks`, 'int32_t', `of layer ${operator.index}: bias with the input zero point folded in and shift, weights, multipliers; 16 lanes a block`, int32Items(items))
    : context.constants.add(`t${filter.index}_blocks`, 'int8_t', `weights of layer ${operator.index}, [blocks][9][16]`, int8Items(Int8Array.from(packed.weights)));
  const bytes = blocks.channels.length;
  return {
    comment: [...productComment(layer), windowComment(layer)],
    body: [
      ...(packed === null ? [] : packedLines(packed.channels, layer, context)),
      `${storage(packed?.channels ?? null, context)} nn_mve_depthwise layer = {`,
      `  .window = ${windowText(layer)},`,
      `  .blocks = ${packed === null ? constants : factorsText(layer, context)}, .block_count = ${bytes / LANES}, .steps = ${layer.outputWidth / blocks.pixels},`,
      `  .output_step = ${channels * blocks.pixels - bytes}, .tap_step = ${channels * blocks.pixels * layer.strideWidth - bytes},`,
      `  .input_zero_point = ${layer.inputZeroPoint}, .zero_point = ${layer.outputZeroPoint}, .low = ${layer.low}, .high = ${layer.high},`,
      `  .staged = ${blocks.staged ? 1 : 0}, .row = nn_mve_depthwise_${form},`,
      '};',
      ...(packed === null ? [] : [`nn_mve_unpack_blocks(&channels, ${constants}, layer.block_count, ${factorsText(layer, context)});`]),
      `nn_mve_run_depthwise(&layer, ${context.pointer(layer.input)}, ${context.pointer(layer.output)}, ${context.scratch(operator)}${unpackedBytes === 0 ? '' : ` + ${unpackedBytes}`});`,
    ],
    state: [],
    headers: ['nn_mve_depthwise.h', ...(packed === null ? [] : ['nn_mve_channels.h'])],
  };
}
