import type { EmitContext, LayerCode, LayerPlan } from '../../context.ts';
import type { FullyConnectedLayer } from '../../layers/fully-connected.ts';
import { productComment } from '../portable/product.ts';
import { channelsOf } from './channels.ts';
import { pointwiseBody } from './convolution.ts';
import { factorBytes, keepRows, layerLines, packRows, rowsHeaders, type Rows } from './rows.ts';

/** FULLY_CONNECTED with MVE; see firmware/kernels/nn_mve_fully_connected.h. With a factor for each output it is a convolution of 1x1. */
export function fullyConnected(layer: FullyConnectedLayer): LayerPlan {
  const single = layer.factors.length === 1;
  const channels = channelsOf(layer, layer.weights, layer.outputs, layer.inputs);
  const rows = single ? packRows(layer, channels, false) : keepRows(packRows(layer, channels), channels, layer.slackBytes);
  return { scratchBytes: factorBytes(rows), emit: (context) => emit(layer, rows, single, context) };
}

function emit(layer: FullyConnectedLayer, rows: Rows, single: boolean, context: EmitContext): LayerCode {
  return {
    comment: productComment(layer),
    body: single ? vectorBody(layer, rows, context) : pointwiseBody(layer, rows, layer.batches, context),
    state: [],
    headers: [single ? 'nn_mve_fully_connected.h' : 'nn_mve_convolution.h', ...rowsHeaders(rows)],
  };
}

function vectorBody(layer: FullyConnectedLayer, rows: Rows, context: EmitContext): string[] {
  const [factor] = layer.factors;
  return [
    ...layerLines('nn_mve_fully_connected', rows, [`  .multiplier = ${factor?.multiplier ?? 0}, .shift = ${factor?.shift ?? 0}, .vector = nn_mve_vector_${rows.form}, .batches = ${layer.batches},`], context),
    `nn_mve_run_fully_connected(&layer, ${context.pointer(layer.input)}, ${context.pointer(layer.output)});`,
  ];
}
