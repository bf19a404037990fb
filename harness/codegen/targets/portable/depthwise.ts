import type { EmitContext, LayerCode, LayerPlan } from '../../context.ts';
import type { DepthwiseLayer } from '../../layers/depthwise.ts';
import { need } from '../../operators/refusal.ts';
import { factorTable, int32Items, int8Items } from '../../quantised.ts';
import { productComment } from './product.ts';
import { windowComment, windowText } from './window.ts';

/** DEPTHWISE_CONV_2D of any shape in plain C; see firmware/kernels/nn_depthwise.h. */
export function depthwise(layer: DepthwiseLayer): LayerPlan {
  const biases = layer.biases ?? new Int32Array(layer.outputChannels);
  biases.forEach((bias, channel) => {
    const taps = layer.kernelHeight * layer.kernelWidth;
    let magnitude = Math.abs(bias);
    for (let tap = 0; tap < taps; tap += 1) magnitude += 255 * Math.abs(layer.weights[tap * layer.outputChannels + channel] ?? 0);
    need(magnitude < 2 ** 31, `the accumulator of output channel ${channel} can leave int32`);
  });
  return { scratchBytes: 4 * layer.outputChannels, emit: (context) => emit(layer, biases, context) };
}

function emit(layer: DepthwiseLayer, biases: Int32Array, context: EmitContext): LayerCode {
  const { constants } = context;
  const { operator, filter, factors } = layer;
  const w = constants.add(`t${filter.index}`, 'int8_t', `weights of layer ${operator.index} [${filter.shape.join(', ')}]`, int8Items(layer.weights));
  const b = constants.add(`layer${operator.index}_bias`, 'int32_t', `bias of layer ${operator.index}`, int32Items([...biases]));
  const table = factorTable(operator.index, factors, constants);
  return {
    comment: [...productComment(layer), windowComment(layer)],
    body: [
      ...table.before,
      'static const nn_depthwise layer = {',
      `  .window = ${windowText(layer)},`,
      `  .multiplier = ${layer.depthMultiplier}, .weights = ${w}, .bias = ${b},`,
      `  ${table.fields}, .input_zero_point = ${layer.inputZeroPoint},`,
      `  .zero_point = ${layer.outputZeroPoint}, .low = ${layer.low}, .high = ${layer.high},`,
      '};',
      `nn_run_depthwise(&layer, ${context.pointer(layer.input)}, ${context.pointer(layer.output)}, (int32_t *)(void *)${context.scratch(operator)});`,
    ],
    state: [],
    headers: ['nn_depthwise.h'],
  };
}
