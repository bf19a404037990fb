import type { EmitContext, LayerCode, LayerPlan } from '../../context.ts';
import type { ConvolutionLayer } from '../../layers/convolution.ts';
import type { FullyConnectedLayer } from '../../layers/fully-connected.ts';
import { productComment } from '../portable/product.ts';
import { planChannels, type Channels } from './channels.ts';
import { convolution, SUM_BITS } from './convolution.ts';
import { channelsText, int32Items, wordText } from './factors.ts';
import { limitLines } from './limit.ts';
import { excess, fourRows, oneRow, whole } from './weights.ts';

/** Outputs that are computed together. */
const ROWS = 4;

/** FULLY_CONNECTED for 16-bit SIMD; see firmware/kernels/nn_dsp_fully_connected.h. null for factors or sums out of the ordinary. */
export function fullyConnected(layer: FullyConnectedLayer): LayerPlan | null {
  const { batches, inputs, outputs, weights } = layer;
  if (batches > 1) return convolution(pointwise(layer));
  const rows = Array.from({ length: outputs }, (_, row) => weights.subarray(row * inputs, (row + 1) * inputs));
  const channels = planChannels(layer, rows, true, SUM_BITS);
  const words = channels === null ? null : weaveRows(channels.rows);
  if (channels === null || words === null) return null;
  return { scratchBytes: 0, emit: (context) => emit(layer, channels, words, context) };
}

/** Several rows are positions of a 1x1 convolution, which takes two at a time. */
const pointwise = (layer: FullyConnectedLayer): ConvolutionLayer => ({
  ...layer, groups: 1, batches: 1,
  inputHeight: 1, inputWidth: layer.batches, inputChannels: layer.inputs, outputHeight: 1, outputWidth: layer.batches, outputChannels: layer.outputs,
  kernelHeight: 1, kernelWidth: 1, strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padTop: 0, padLeft: 0,
});

/** Four outputs together, then the rest one by one. */
function weaveRows(rows: readonly Int8Array[]): number[] | null {
  const words: number[] = [];
  for (let first = 0; first < rows.length; ) {
    const together = rows.length - first >= ROWS ? ROWS : 1;
    const next = together === ROWS ? fourRows(rows.slice(first, first + ROWS)) : oneRow(rows[first] ?? new Int8Array(0));
    if (next === null) return null;
    words.push(...next);
    first += together;
  }
  return words;
}

function emit(layer: FullyConnectedLayer, channels: Channels, words: readonly number[], context: EmitContext): LayerCode {
  const { constants } = context;
  const { operator, filter, input, output, batches, inputs, outputs } = layer;
  const name = channels.changed ? `layer${operator.index}_weights` : `t${filter.index}_rows`;
  const w = constants.add(name, 'uint32_t', `weights of layer ${operator.index} [${outputs}, ${inputs}], for nn_dsp_dot4x1()`, words.map(wordText));
  const start = channels.start.map((sum, row) => (256 * sum - excess(whole(channels.rows[row] ?? new Int8Array(0)))) | 0);
  const one = channels.factors.packed.length === 1 && outputs > 1;
  const s = one ? constants.add(`layer${operator.index}_start`, 'int32_t', `starts of the sums of layer ${operator.index}`, int32Items(start)) : 'NULL';
  return {
    comment: productComment(layer),
    body: [
      'static const nn_dsp_fully_connected layer = {',
      `  .batches = ${batches}, .inputs = ${inputs}, .outputs = ${outputs},`,
      `  .weights = ${w},`,
      `  .channels = ${channelsText(channels.factors, one ? [0] : start, layer, context)},`,
      `  .start = ${s}, .zero_point = ${layer.outputZeroPoint},`,
      '};',
      `nn_dsp_run_fully_connected(&layer, ${context.pointer(input)}, ${context.pointer(output)});`,
      ...limitLines(layer, context),
    ],
    state: [],
    headers: ['nn_dsp_fully_connected.h'],
  };
}
