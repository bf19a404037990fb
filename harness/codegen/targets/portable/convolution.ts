import type { EmitContext, LayerCode, LayerPlan } from '../../context.ts';
import type { ConvolutionLayer } from '../../layers/convolution.ts';
import { factorTable, foldBias, int32Items, int8Items } from '../../quantised.ts';
import { productComment } from './product.ts';
import { windowComment, windowText } from './window.ts';

/** CONV_2D of any shape in plain C; see firmware/kernels/nn_convolution.h. */
export function convolution(layer: ConvolutionLayer): LayerPlan {
  const taps = layer.weights.length / layer.outputChannels;
  const folded = foldBias(layer.weights, layer.outputChannels, taps, layer.biases, layer.inputZeroPoint);
  return { scratchBytes: taps, emit: (context) => emit(layer, folded, context) };
}

function emit(layer: ConvolutionLayer, folded: readonly number[], context: EmitContext): LayerCode {
  const { constants } = context;
  const { operator, filter, factors } = layer;
  const w = constants.add(`t${filter.index}`, 'int8_t', `weights of layer ${operator.index} [${filter.shape.join(', ')}]`, int8Items(layer.weights));
  const b = constants.add(`layer${operator.index}_bias`, 'int32_t', `bias of layer ${operator.index}, input zero point folded in`, int32Items(folded));
  const table = factorTable(operator.index, factors, constants);
  return {
    comment: [...productComment(layer), windowComment(layer)],
    body: [
      ...table.before,
      'static const nn_convolution layer = {',
      `  .window = ${windowText(layer)},`,
      `  .groups = ${layer.groups}, .weights = ${w}, .bias = ${b},`,
      `  ${table.fields}, .input_zero_point = ${layer.inputZeroPoint},`,
      `  .zero_point = ${layer.outputZeroPoint}, .low = ${layer.low}, .high = ${layer.high},`,
      '};',
      `nn_run_convolution(&layer, ${context.pointer(layer.input)}, ${context.pointer(layer.output)}, ${context.scratch(operator)});`,
    ],
    state: [],
    headers: ['nn_convolution.h'],
  };
}
