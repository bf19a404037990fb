import type { EmitContext, LayerCode, LayerPlan } from '../../context.ts';
import type { ConvolutionLayer } from '../../layers/convolution.ts';
import type { ProductLayer } from '../../layers/products.ts';
import { productComment } from '../portable/product.ts';
import { windowComment, windowText } from '../portable/window.ts';
import { channelsOf } from './channels.ts';
import { factorBytes, keepRows, layerLines, packLiveRows, pairOf, rowsHeaders, type Rows } from './rows.ts';

/** CONV_2D with MVE; see firmware/kernels/nn_mve_convolution.h. null for groups. */
export function convolution(layer: ConvolutionLayer): LayerPlan | null {
  if (layer.groups !== 1) return null;
  const taps = layer.weights.length / layer.outputChannels;
  const channels = channelsOf(layer, layer.weights, layer.outputChannels, taps);
  const pointwise = layer.kernelHeight === 1 && layer.kernelWidth === 1 && layer.strideHeight === 1 && layer.strideWidth === 1;
  const patches = pointwise ? 0 : 2 * taps;
  const rows = keepRows(packLiveRows(layer, channels), channels, layer.slackBytes - patches);
  return { scratchBytes: factorBytes(rows) + patches, emit: (context) => (pointwise ? emitPointwise : emitWindow)(layer, rows, context) };
}

function emitPointwise(layer: ConvolutionLayer, rows: Rows, context: EmitContext): LayerCode {
  const body = pointwiseBody(layer, rows, layer.batches * layer.outputHeight * layer.outputWidth, context);
  return { comment: productComment(layer), body, state: [], headers: ['nn_mve_convolution.h', ...rowsHeaders(rows)] };
}

/** Statements for a convolution of 1x1 over that many pixels. */
export function pointwiseBody(layer: ProductLayer, rows: Rows, pixels: number, context: EmitContext): string[] {
  return [
    ...layerLines('nn_mve_pointwise', rows, [`  .pair = ${pairOf(rows)}, .pixels = ${pixels},`], context),
    `nn_mve_run_pointwise(&layer, ${context.pointer(layer.input)}, ${context.pointer(layer.output)});`,
  ];
}

function emitWindow(layer: ConvolutionLayer, rows: Rows, context: EmitContext): LayerCode {
  const patchesAt = factorBytes(rows);
  return {
    comment: [...productComment(layer), windowComment(layer)],
    body: [
      ...layerLines('nn_mve_convolution', rows, [`  .pair = ${pairOf(rows)}, .window = ${windowText(layer)}, .input_zero_point = ${layer.inputZeroPoint},`], context),
      `nn_mve_run_convolution(&layer, ${context.pointer(layer.input)}, ${context.pointer(layer.output)}, ${context.scratch(layer.operator)}${patchesAt === 0 ? '' : ` + ${patchesAt}`});`,
    ],
    state: [],
    headers: ['nn_mve_convolution.h', ...rowsHeaders(rows)],
  };
}
