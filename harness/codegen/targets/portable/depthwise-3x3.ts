import type { EmitContext, LayerCode, LayerPlan } from '../../context.ts';
import type { DepthwiseLayer } from '../../layers/depthwise.ts';
import { addChannels, addRows, packChannels, type Channels } from './channels.ts';
import { productComment } from './product.ts';
import { windowComment, windowText } from './window.ts';

/** DEPTHWISE_CONV_2D 3x3 without dilation or multiplier; see firmware/kernels/nn_depthwise_3x3.h. */
export function depthwise3x3(layer: DepthwiseLayer): LayerPlan | null {
  const plain = layer.depthMultiplier === 1 && layer.dilationHeight === 1 && layer.dilationWidth === 1;
  if (!plain || layer.kernelHeight !== 3 || layer.kernelWidth !== 3) return null;
  const { inputChannels } = layer;
  const channels = packChannels(layer, transpose(layer.weights, 9, inputChannels), inputChannels);
  if (channels === null) return null;
  const taps = { ...channels, rows: transpose(channels.rows, inputChannels, 9) };
  return { scratchBytes: (4 + 9) * inputChannels, emit: (context) => emit(layer, taps, context) };
}

/** [rows][columns] -> [columns][rows] */
function transpose(values: Int8Array, rows: number, columns: number): Int8Array {
  return Int8Array.from({ length: values.length }, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)] ?? 0);
}

function emit(layer: DepthwiseLayer, channels: Channels, context: EmitContext): LayerCode {
  const { operator } = layer;
  const w = addRows(layer, channels, 0, context);
  const c = addChannels(layer, channels, context);
  const scratch = context.scratch(operator);
  return {
    comment: [...productComment(layer), windowComment(layer)],
    body: [
      'static const nn_depthwise_3x3 layer = {',
      `  .window = ${windowText(layer)},`,
      `  .weights = ${w}, .channels = ${c},`,
      `  .codes = ${channels.codes}, .input_zero_point = ${layer.inputZeroPoint},`,
      '};',
      `nn_run_depthwise_3x3(&layer, ${context.pointer(layer.input)}, ${context.pointer(layer.output)}, (int32_t *)(void *)${scratch}, ${scratch} + ${4 * layer.inputChannels});`,
    ],
    state: [],
    headers: ['nn_depthwise_3x3.h'],
  };
}
