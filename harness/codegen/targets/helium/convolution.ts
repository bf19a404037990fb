import type { EmitContext, LayerCode, LayerPlan } from '../../context.ts';
import type { ConvolutionLayer } from '../../layers/convolution.ts';
import type { ProductLayer } from '../../layers/products.ts';
import { productComment } from '../portable/product.ts';
import { windowComment, windowText } from '../portable/window.ts';
import { channelsOf } from './channels.ts';
import { packLiveRows, pairOf, rowsText, type Rows } from './rows.ts';

/** CONV_2D with MVE; see firmware/kernels/nn_mve_convolution.h. null for groups. */
export function convolution(layer: ConvolutionLayer): LayerPlan | null {
  if (layer.groups !== 1) return null;
  const taps = layer.weights.length / layer.outputChannels;
  const rows = packLiveRows(layer, channelsOf(layer, layer.weights, layer.outputChannels, taps));
  const pointwise = layer.kernelHeight === 1 && layer.kernelWidth === 1 && layer.strideHeight === 1 && layer.strideWidth === 1;
  return { scratchBytes: pointwise ? 0 : 2 * taps, emit: (context) => (pointwise ? emitPointwise : emitWindow)(layer, rows, context) };
}

function emitPointwise(layer: ConvolutionLayer, rows: Rows, context: EmitContext): LayerCode {
  const body = pointwiseBody(layer, rows, layer.batches * layer.outputHeight * layer.outputWidth, context);
  return { comment: productComment(layer), body, state: [], headers: ['nn_mve_convolution.h'] };
}

/** Statements for a convolution of 1x1 over that many pixels. */
export function pointwiseBody(layer: ProductLayer, rows: Rows, pixels: number, context: EmitContext): string[] {
  return [
    'static const nn_mve_pointwise layer = {',
    `  .rows = ${rowsText(rows, context)},`,
    `  .pair = ${pairOf(rows)}, .pixels = ${pixels},`,
    '};',
    `nn_mve_run_pointwise(&layer, ${context.pointer(layer.input)}, ${context.pointer(layer.output)});`,
  ];
}

function emitWindow(layer: ConvolutionLayer, rows: Rows, context: EmitContext): LayerCode {
  return {
    comment: [...productComment(layer), windowComment(layer)],
    body: [
      'static const nn_mve_convolution layer = {',
      `  .rows = ${rowsText(rows, context)},`,
      `  .pair = ${pairOf(rows)}, .window = ${windowText(layer)}, .input_zero_point = ${layer.inputZeroPoint},`,
      '};',
      `nn_mve_run_convolution(&layer, ${context.pointer(layer.input)}, ${context.pointer(layer.output)}, ${context.scratch(layer.operator)});`,
    ],
    state: [],
    headers: ['nn_mve_convolution.h'],
  };
}
