import type { EmitContext, LayerCode, LayerPlan } from '../../context.ts';
import type { ConvolutionLayer } from '../../layers/convolution.ts';
import { productComment } from '../portable/product.ts';
import { windowComment, windowText } from '../portable/window.ts';
import { planChannels, type Channels } from './channels.ts';
import { channelsText, packingOf, wordText } from './factors.ts';
import { limitLines } from './limit.ts';
import { excess, weave } from './weights.ts';

/** sizeof nn_dsp_channel. */
const CHANNEL_BYTES = 12;
/** Scratch memory that any layer may use. */
const SMALL = 768;
/** Two windows that need more scratch memory than this have to fit into what is free anyway. */
const LARGE = 8192;
/** Bits of a sum: nn_dsp_dot.h computes it 256 times as large. */
export const SUM_BITS = 24;

/** From so many output positions on, summing up the weights of a channel once costs less than about 1 % of the layer. */
const MANY_POSITIONS = 100;

interface Plan {
  readonly layer: ConvolutionLayer;
  readonly channels: Channels;
  /** Weights in the order in which nn_dsp_window() takes the taps. */
  readonly arranged: readonly Int8Array[];
  readonly words: readonly number[];
  readonly steps: number;
  readonly block: number;
}

/** CONV_2D for 16-bit SIMD; see firmware/kernels/nn_dsp_convolution.h. null for groups, dilated rows, and factors or sums out of the ordinary. */
export function convolution(layer: ConvolutionLayer): LayerPlan | null {
  if (layer.groups !== 1 || (layer.dilationWidth !== 1 && layer.kernelWidth !== 1)) return null;
  const { outputChannels, kernelHeight, kernelWidth, inputChannels, weights } = layer;
  const taps = kernelHeight * kernelWidth * inputChannels;
  const rows = Array.from({ length: outputChannels }, (_, channel) => weights.subarray(channel * taps, (channel + 1) * taps));
  const channels = planChannels(layer, rows, true, SUM_BITS);
  if (channels === null) return null;
  const run = kernelWidth * inputChannels;
  const left = kernelHeight * (run % 4);
  const arranged = channels.rows.map((row) => arrange(row, run));
  const words = weavePairs(arranged);
  if (words === null) return null;
  const steps = kernelHeight * Math.floor(run / 4) + Math.ceil(left / 4);
  const fixed = 16 * steps + words4(run) + words4(left);
  if (fixed > Math.max(LARGE, layer.slackBytes)) return null;
  const inPlace = canBeInPlace(layer) && fixed + CHANNEL_BYTES * even(outputChannels) <= layer.slackBytes + Math.min(layer.input.elements, layer.output.elements);
  const block = inPlace ? even(outputChannels) : blockOf(outputChannels, Math.max(SMALL, layer.slackBytes) - fixed);
  const plan = { layer, channels, arranged, words, steps, block };
  return { scratchBytes: CHANNEL_BYTES * block + fixed, ...(inPlace ? { inPlace: [{ output: 0, input: 0 }] } : {}), emit: (context) => emit(plan, context) };
}

const even = (count: number): number => count + (count % 2);

/** Bytes rounded up to words. */
const words4 = (bytes: number): number => 4 * Math.ceil(bytes / 4);

/** The whole words of each row of a window, then what is left of all rows. */
function arrange(taps: Int8Array, run: number): Int8Array {
  const whole = run - (run % 4);
  const rows = Array.from({ length: taps.length / run }, (_, row) => [...taps.subarray(row * run, (row + 1) * run)]);
  return Int8Array.from([...rows.flatMap((row) => row.slice(0, whole)), ...rows.flatMap((row) => row.slice(whole))]);
}

/** Channels two by two; a last odd one with a row of zeros. */
function weavePairs(rows: readonly Int8Array[]): number[] | null {
  const words: number[] = [];
  for (let channel = 0; channel < rows.length; channel += 2) {
    const row = rows[channel] ?? new Int8Array(0);
    const pair = weave([row, rows[channel + 1] ?? new Int8Array(row.length)]);
    if (pair === null) return null;
    words.push(...pair);
  }
  return words;
}

/** Every output position is computed from the inputs in the same place, and no later than they are read. */
const canBeInPlace = (layer: ConvolutionLayer): boolean =>
  layer.kernelHeight === 1 && layer.kernelWidth === 1 && layer.strideHeight === 1 && layer.strideWidth === 1 &&
  layer.padTop === 0 && layer.padLeft === 0 && layer.outputChannels <= layer.inputChannels;

/** Channels at a time: as many as there is scratch memory for, shared out evenly; the windows are gathered once for each block. */
function blockOf(channels: number, bytes: number): number {
  const most = Math.max(16, 2 * Math.floor(bytes / CHANNEL_BYTES / 2));
  return even(Math.ceil(channels / Math.ceil(channels / most)));
}

function emit({ layer, channels, arranged, words, steps, block }: Plan, context: EmitContext): LayerCode {
  const { constants } = context;
  const { operator, filter } = layer;
  const name = channels.changed ? `layer${operator.index}_weights` : `t${filter.index}_pairs`;
  const w = constants.add(name, 'uint32_t', `weights of layer ${operator.index} [${filter.shape.join(', ')}], for nn_dsp_channel_pairs()`, words.map(wordText));
  const positions = layer.batches * layer.outputHeight * layer.outputWidth;
  const { factors, biases } = channels;
  const start = channels.start.map((sum, channel) => (256 * sum - excess(arranged[channel] ?? new Int8Array(0))) | 0);
  const summed = positions >= MANY_POSITIONS && packingOf(factors, biases).size < packingOf(factors, start).size;
  return {
    comment: [...productComment(layer), windowComment(layer)],
    body: [
      'static const nn_dsp_convolution layer = {',
      `  .window = ${windowText(layer)},`,
      `  .weights = ${w}, .channels = ${channelsText(factors, summed ? biases : start, layer, context)}, .biases = ${summed ? 1 : 0},`,
      `  .steps = ${steps}, .block = ${block}, .input_zero_point = ${layer.inputZeroPoint}, .zero_point = ${layer.outputZeroPoint},`,
      '};',
      `nn_dsp_run_convolution(&layer, ${context.pointer(layer.input)}, ${context.pointer(layer.output)}, ${context.scratch(operator)});`,
      ...limitLines(layer, context),
    ],
    state: [],
    headers: ['nn_dsp_convolution.h'],
  };
}
