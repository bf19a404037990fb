import type { EmitContext, LayerCode, LayerPlan } from '../../context.ts';
import type { FullyConnectedLayer } from '../../layers/fully-connected.ts';
import { factorTable, foldBias, int32Items, int8Items } from '../../quantised.ts';
import { productComment } from './product.ts';

/** FULLY_CONNECTED in plain C; see firmware/kernels/nn_fully_connected.h. */
export function fullyConnected(layer: FullyConnectedLayer): LayerPlan {
  const folded = foldBias(layer.weights, layer.outputs, layer.inputs, layer.biases, layer.inputZeroPoint);
  return { scratchBytes: 0, emit: (context) => emit(layer, folded, context) };
}

function emit(layer: FullyConnectedLayer, folded: readonly number[], context: EmitContext): LayerCode {
  const { constants } = context;
  const { operator, input, filter, output, batches, inputs, outputs, factors } = layer;
  const prefix = `layer${operator.index}`;
  const w = constants.add(`t${filter.index}`, 'int8_t', `weights of layer ${operator.index} [${outputs}, ${inputs}]`, int8Items(layer.weights));
  const b = constants.add(`${prefix}_bias`, 'int32_t', `bias of layer ${operator.index}, input zero point folded in`, int32Items(folded));
  const table = factorTable(operator.index, factors, constants);
  return {
    comment: productComment(layer),
    body: [
      ...table.before,
      'static const nn_fully_connected layer = {',
      `  .batches = ${batches}, .inputs = ${inputs}, .outputs = ${outputs},`,
      `  .weights = ${w}, .bias = ${b},`,
      `  ${table.fields},`,
      `  .zero_point = ${layer.outputZeroPoint}, .low = ${layer.low}, .high = ${layer.high},`,
      '};',
      `nn_run_fully_connected(&layer, ${context.pointer(input)}, ${context.pointer(output)});`,
    ],
    state: [],
    headers: ['nn_fully_connected.h'],
  };
}
