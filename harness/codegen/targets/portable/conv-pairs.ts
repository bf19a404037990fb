import type { EmitContext, LayerCode, LayerPlan } from '../../context.ts';
import type { ConvolutionLayer } from '../../layers/convolution.ts';
import { addChannels, addRows, chunksFit, packChannels, type Channels } from './channels.ts';
import { productComment } from './product.ts';
import { windowComment, windowText } from './window.ts';

/** CONV_2D without groups, two output positions at a time; see firmware/kernels/nn_conv_pairs.h. */
export function convPairs(layer: ConvolutionLayer): LayerPlan | null {
  const taps = layer.weights.length / layer.outputChannels;
  if (layer.groups !== 1) return null;
  const channels = packChannels(layer, layer.weights, layer.outputChannels);
  if (channels === null || !chunksFit(channels.rows, taps)) return null;
  const pairsBytes = 4 * roundUp(taps, 4);
  return { scratchBytes: pairsBytes + layer.inputChannels, emit: (context) => emit(layer, channels, taps, pairsBytes, context) };
}

const roundUp = (n: number, to: number): number => Math.ceil(n / to) * to;

function emit(layer: ConvolutionLayer, channels: Channels, taps: number, pairsBytes: number, context: EmitContext): LayerCode {
  const { operator } = layer;
  const w = addRows(layer, channels, roundUp(taps, 4) - taps, context);
  const c = addChannels(layer, channels, context);
  const scratch = context.scratch(operator);
  return {
    comment: [...productComment(layer), windowComment(layer)],
    body: [
      'static const nn_conv_pairs layer = {',
      `  .window = ${windowText(layer)},`,
      `  .taps = ${taps}, .weights = ${w}, .channels = ${c},`,
      `  .codes = ${channels.codes}, .input_zero_point = ${layer.inputZeroPoint},`,
      '};',
      `nn_run_conv_pairs(&layer, ${context.pointer(layer.input)}, ${context.pointer(layer.output)}, (int32_t *)(void *)${scratch}, ${scratch} + ${pairsBytes});`,
    ],
    state: [],
    headers: ['nn_conv_pairs.h'],
  };
}
