import type { EmitContext, LayerCode, LayerPlan } from '../../context.ts';
import type { DepthwiseLayer } from '../../layers/depthwise.ts';
import { int8Items } from '../../quantised.ts';
import { productComment } from '../portable/product.ts';
import { windowComment, windowText } from '../portable/window.ts';
import { planChannels, type Channels } from './channels.ts';
import { channelsText } from './factors.ts';
import { limitLines } from './limit.ts';

/** Scratch memory that any layer may use. */
const SMALL = 768;
/** A plane larger than this has to fit into what is free anyway. */
const LARGE = 8192;

interface Plan {
  readonly layer: DepthwiseLayer;
  readonly channels: Channels;
  readonly lanes: number;
  readonly rows: number;
  readonly planeWidth: number;
  /** There is a faster kernel for the window. */
  readonly small: boolean;
}

/** DEPTHWISE_CONV_2D for 16-bit SIMD; see firmware/kernels/nn_dsp_depthwise.h. null for dilated rows, and factors out of the ordinary. */
export function depthwise(layer: DepthwiseLayer): LayerPlan | null {
  const { kernelHeight, kernelWidth, strideWidth, dilationHeight, dilationWidth, outputChannels, inputChannels, weights } = layer;
  if (dilationWidth !== 1 && kernelWidth !== 1) return null;
  const taps = kernelHeight * kernelWidth;
  const byChannel = Array.from({ length: outputChannels }, (_, channel) => Int8Array.from({ length: taps }, (_, tap) => weights[tap * outputChannels + channel] ?? 0));
  const channels = planChannels(layer, byChannel, false, 32);
  if (channels === null) return null;
  const small = kernelHeight === 3 && kernelWidth === 3 && strideWidth <= 2 && dilationHeight === 1;
  const lanes = layer.depthMultiplier === 1 && inputChannels % 4 === 0 ? 4 : 1;
  const planeWidth = small ? smallPlaneWidth(layer) : planeWidthOf(layer);
  const bytes = (rows: number): number => lanes * 2 * planeWidth * planeRows(layer, rows) + (small ? 0 : 4 * kernelHeight * Math.ceil(kernelWidth / 2));
  if (bytes(1) > Math.max(LARGE, layer.slackBytes)) return null;
  const inPlace = canBeInPlace(layer) && bytes(layer.outputHeight) <= Math.max(SMALL, layer.slackBytes + layer.output.elements);
  const rows = inPlace ? layer.outputHeight : rowsWithin(layer.outputHeight, Math.max(SMALL, layer.slackBytes), bytes);
  const plan = { layer, channels, lanes, rows, planeWidth, small };
  return { scratchBytes: bytes(rows), ...(inPlace ? { inPlace: [{ output: 0, input: 0 }] } : {}), emit: (context) => emit(plan, context) };
}

/** Rows of input for so many rows of output. */
const planeRows = (layer: DepthwiseLayer, rows: number): number => (rows - 1) * layer.strideHeight + (layer.kernelHeight - 1) * layer.dilationHeight + 1;

/** Taps are read two by two. */
const planeWidthOf = ({ outputWidth, strideWidth, kernelWidth }: DepthwiseLayer): number =>
  2 * Math.ceil(((outputWidth - 1) * strideWidth + 2 * Math.ceil(kernelWidth / 2)) / 2);

/** A 3x3 window reads four elements of a row, and with stride 1 two windows are computed from them. */
const smallPlaneWidth = ({ outputWidth, strideWidth }: DepthwiseLayer): number =>
  strideWidth === 1 ? 2 * Math.ceil(outputWidth / 2) + 2 : 2 * outputWidth + 2;

/** A channel is read as a whole before it is written, and other channels are other bytes. */
const canBeInPlace = (layer: DepthwiseLayer): boolean =>
  layer.depthMultiplier === 1 && layer.outputHeight === layer.inputHeight && layer.outputWidth === layer.inputWidth;

/** As many rows as the memory allows, shared out evenly. */
function rowsWithin(height: number, bytes: number, bytesOf: (rows: number) => number): number {
  let passes = 1;
  while (passes < height && bytesOf(Math.ceil(height / passes)) > bytes) passes += 1;
  return Math.ceil(height / passes);
}

function emit({ layer, channels, lanes, rows, planeWidth, small }: Plan, context: EmitContext): LayerCode {
  const { constants } = context;
  const { operator, filter } = layer;
  const name = channels.changed ? `layer${operator.index}_weights` : `t${filter.index}_taps`;
  const w = constants.add(name, 'int8_t', `weights of layer ${operator.index} [${layer.outputChannels}, ${layer.kernelHeight}, ${layer.kernelWidth}]`, channels.rows.flatMap(int8Items));
  return {
    comment: [...productComment(layer), windowComment(layer)],
    body: [
      'static const nn_dsp_depthwise layer = {',
      `  .window = ${windowText(layer)},`,
      `  .multiplier = ${layer.depthMultiplier}, .weights = ${w}, .channels = ${channelsText(channels.factors, channels.start, layer, context)},`,
      `  .input_zero_point = ${layer.inputZeroPoint}, .zero_point = ${layer.outputZeroPoint},`,
      `  .lanes = ${lanes}, .rows = ${rows}, .plane_width = ${planeWidth},`,
      '};',
      `nn_dsp_run_depthwise${small ? '_3x3' : ''}(&layer, ${context.pointer(layer.input)}, ${context.pointer(layer.output)}, ${context.scratch(operator)});`,
      ...limitLines(layer, context),
    ],
    state: [],
    headers: ['nn_dsp_depthwise.h'],
  };
}
