import type { EmitContext, LayerCode, LayerPlan } from '../../context.ts';
import type { LstmLayer, LstmProduct } from '../../layers/lstm.ts';
import type { Factor } from '../../layers/products.ts';
import { int32Items, int8Items } from '../../quantised.ts';
import { lstmArguments, lstmCell, lstmComment, lstmShape } from '../portable/lstm.ts';
import { GROUP, interleave, padding } from './rows.ts';

/** UNIDIRECTIONAL_SEQUENCE_LSTM with MVE; see firmware/kernels/nn_mve_lstm.h. null for units that are no multiple of four. */
export function lstm(layer: LstmLayer): LayerPlan | null {
  return layer.units % GROUP === 0 ? { scratchBytes: 0, emit: (context) => emit(layer, context) } : null;
}

/** nn_mve_factor */
const factorText = ({ multiplier, shift }: Factor): string => `{${multiplier}, ${Math.max(shift, 0)}, ${Math.min(shift, 0)}}`;

function emit(layer: LstmLayer, context: EmitContext): LayerCode {
  const { operator, units, gates } = layer;
  const weights: number[] = [];
  const biases: number[] = [];
  const recurrentBiases = gates.some(({ recurrent }) => recurrent.bias.some((bias) => bias !== 0));
  for (let first = 0; first < units; first += GROUP) {
    for (const { input, recurrent } of gates) {
      for (const product of [input, recurrent] satisfies LstmProduct[]) {
        weights.push(...interleave(Array.from({ length: GROUP }, (_, i) => product.weights.subarray((first + i) * product.columns, (first + i + 1) * product.columns))));
        if (product === input || recurrentBiases) biases.push(...product.bias.slice(first, first + GROUP));
      }
    }
  }
  weights.push(...padding(units, 0));
  const w = context.constants.add(`layer${operator.index}_weights`, 'int8_t', `weights of layer ${operator.index}: for each four units the rows of the four gates`, int8Items(Int8Array.from(weights)));
  const b = context.constants.add(`layer${operator.index}_biases`, 'int32_t', `biases of layer ${operator.index} in the order of the weights, zero points folded in`, int32Items(biases));
  return {
    comment: lstmComment(layer),
    body: [
      'static const nn_mve_lstm layer = {',
      ...lstmShape(layer),
      `  .weights = ${w}, .biases = ${b}, .recurrent_biases = ${recurrentBiases ? 1 : 0},`,
      `  .input_factors = {${gates.map(({ input }) => factorText(input.factor)).join(', ')}},`,
      `  .recurrent_factors = {${gates.map(({ recurrent }) => factorText(recurrent.factor)).join(', ')}},`,
      ...lstmCell(layer, factorText, context, -layer.tanh.shift),
      '};',
      `nn_mve_run_lstm(&layer, ${lstmArguments(layer, context)});`,
    ],
    state: [layer.hidden.index, layer.cell.index],
    headers: ['nn_mve_lstm.h'],
  };
}
