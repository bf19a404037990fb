import type { EmitContext, LayerCode, LayerPlan } from '../../context.ts';
import type { ConvolutionLayer } from '../../layers/convolution.ts';
import { addRows, chunksFit, packChannels } from './channels.ts';
import { channelFields, keepChannels, SMALL, type Keeping } from './packed.ts';
import { productComment } from './product.ts';
import { windowComment, windowText } from './window.ts';

/** CONV_2D without groups, two output positions at a time; see firmware/kernels/nn_conv_pairs.h. */
export function convPairs(layer: ConvolutionLayer): LayerPlan | null {
  const { outputChannels } = layer;
  const taps = layer.weights.length / outputChannels;
  if (layer.groups !== 1) return null;
  const channels = packChannels(layer, layer.weights, outputChannels, true);
  if (channels === null || !chunksFit(channels.rows, taps)) return null;
  const inPlace = canBeInPlace(layer);
  const least = 4 * roundUp(taps, 4) + layer.inputChannels;
  const room = Math.max(SMALL, layer.slackBytes + (inPlace ? layer.output.elements : 0)) - least;
  const keeping = keepChannels(layer, channels, layer.batches * layer.outputHeight * layer.outputWidth, room);
  return {
    scratchBytes: least + keeping.bytes,
    ...(inPlace ? { inPlace: [{ output: 0, input: 0 }] } : {}),
    emit: (context) => emit(layer, keeping, taps, context),
  };
}

const roundUp = (n: number, to: number): number => Math.ceil(n / to) * to;

/** Every output pixel is as large as the input pixel that it is computed from. (A smaller one would keep the larger buffer alive.) */
const canBeInPlace = (layer: ConvolutionLayer): boolean =>
  layer.kernelHeight === 1 && layer.kernelWidth === 1 && layer.strideHeight === 1 && layer.strideWidth === 1 &&
  layer.padTop === 0 && layer.padLeft === 0 && layer.inputHeight === layer.outputHeight && layer.inputWidth === layer.outputWidth &&
  layer.inputChannels === layer.outputChannels;

function emit(layer: ConvolutionLayer, keeping: Keeping, taps: number, context: EmitContext): LayerCode {
  const { channels } = keeping;
  const w = addRows(layer, channels, roundUp(taps, 4) - taps, context);
  const fields = channelFields(layer, keeping, context);
  const sparse = channels.channels.some((channel) => typeof channel === 'number');
  return {
    comment: [...productComment(layer), windowComment(layer)],
    body: [
      'static const nn_conv_pairs layer = {',
      `  .window = ${windowText(layer)}, ${fields.unfolded},`,
      `  .taps = ${taps}, .weights = ${w},`,
      `  ${fields.channels},`,
      `  .codes = ${channels.codes}, .input_zero_point = ${layer.inputZeroPoint}, .pair = ${sparse ? 'nn_conv_live_pair' : 'nn_conv_pair'},`,
      '};',
      `nn_run_conv_pairs(&layer, ${context.pointer(layer.input)}, ${context.pointer(layer.output)}, ${context.scratch(layer.operator)});`,
    ],
    state: [],
    headers: ['nn_conv_pairs.h'],
  };
}
