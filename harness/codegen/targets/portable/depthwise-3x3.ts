import type { EmitContext, LayerCode, LayerPlan } from '../../context.ts';
import type { DepthwiseLayer } from '../../layers/depthwise.ts';
import { addRows, packChannels } from './channels.ts';
import { channelFields, keepChannels, SMALL, type Keeping } from './packed.ts';
import { productComment } from './product.ts';
import { windowComment, windowText } from './window.ts';

/** DEPTHWISE_CONV_2D 3x3 without dilation or multiplier; see firmware/kernels/nn_depthwise_3x3.h. */
export function depthwise3x3(layer: DepthwiseLayer): LayerPlan | null {
  const plain = layer.depthMultiplier === 1 && layer.dilationHeight === 1 && layer.dilationWidth === 1;
  if (!plain || layer.kernelHeight !== 3 || layer.kernelWidth !== 3) return null;
  const { inputChannels, slackBytes, output } = layer;
  const byChannel = packChannels(layer, transpose(layer.weights, 9, inputChannels), inputChannels, false);
  if (byChannel === null) return null;
  const channels = { ...byChannel, rows: transpose(byChannel.rows, inputChannels, 9) };
  const least = (4 + 9) * inputChannels;
  const delay = delayOf(layer);
  const inPlace = delay > 0 && least + delay * inputChannels <= Math.max(SMALL, slackBytes + output.elements);
  const ring = inPlace ? delay * inputChannels : 0;
  const room = Math.max(SMALL, slackBytes + (inPlace ? output.elements : 0)) - least - ring;
  const keeping = keepChannels(layer, channels, layer.batches * layer.outputHeight * layer.outputWidth, room);
  return {
    scratchBytes: least + keeping.bytes + ring,
    ...(inPlace ? { inPlace: [{ output: 0, input: 0 }] } : {}),
    emit: (context) => emit(layer, keeping, inPlace ? delay : 0, context),
  };
}

/** [rows][columns] -> [columns][rows] */
function transpose(values: Int8Array, rows: number, columns: number): Int8Array {
  return Int8Array.from({ length: values.length }, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)] ?? 0);
}

/**
 * How many outputs have to wait before they can be written over inputs: the farthest that a window reaches back from the pixel in
 * its own place. 0 where the output is not as large as the input.
 */
export function delayOf(w: Pick<DepthwiseLayer, 'inputHeight' | 'inputWidth' | 'outputHeight' | 'outputWidth' | 'strideHeight' | 'strideWidth' | 'padTop' | 'padLeft'>): number {
  if (w.outputHeight !== w.inputHeight || w.outputWidth !== w.inputWidth) return 0;
  let delay = 1;
  for (let at = 0; at < w.outputHeight * w.outputWidth; at += 1) {
    const y = Math.max(0, Math.floor(at / w.outputWidth) * w.strideHeight - w.padTop);
    const x = Math.max(0, (at % w.outputWidth) * w.strideWidth - w.padLeft);
    delay = Math.max(delay, at - (y * w.inputWidth + x));
  }
  return Math.min(delay, w.outputHeight * w.outputWidth);
}

function emit(layer: DepthwiseLayer, keeping: Keeping, delay: number, context: EmitContext): LayerCode {
  const { channels } = keeping;
  const w = addRows(layer, channels, 0, context);
  const fields = channelFields(layer, keeping, context);
  return {
    comment: [...productComment(layer), windowComment(layer)],
    body: [
      'static const nn_depthwise_3x3 layer = {',
      `  .window = ${windowText(layer)}, ${fields.unfolded},`,
      `  .weights = ${w},`,
      `  ${fields.channels},`,
      `  .codes = ${channels.codes}, .input_zero_point = ${layer.inputZeroPoint}, .delay = ${delay},`,
      '};',
      `nn_run_depthwise_3x3(&layer, ${context.pointer(layer.input)}, ${context.pointer(layer.output)}, ${context.scratch(layer.operator)});`,
    ],
    state: [],
    headers: ['nn_depthwise_3x3.h'],
  };
}
