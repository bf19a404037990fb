import { SIGMOID_TABLE } from '../../../numerics/index.ts';
import type { EmitContext, LayerCode, LayerPlan } from '../../context.ts';
import type { LstmFrame, LstmGate, LstmLayer } from '../../layers/lstm.ts';
import type { Factor } from '../../layers/products.ts';
import { describe } from '../../operators/refusal.ts';
import { factorText, int32Items, int8Items } from '../../quantised.ts';

/** UNIDIRECTIONAL_SEQUENCE_LSTM in plain C; see firmware/kernels/nn_lstm.h. */
export function lstm(layer: LstmLayer): LayerPlan {
  return { scratchBytes: 0, emit: (context) => emit(layer, context) };
}

function emit(layer: LstmLayer, context: EmitContext): LayerCode {
  return {
    comment: lstmComment(layer),
    body: [
      'static const nn_lstm layer = {',
      ...lstmShape(layer),
      ...layer.gates.flatMap((gate) => gateText(gate, layer, context)),
      ...lstmCell(layer, factorText, context),
      '};',
      `nn_run_lstm(&layer, ${lstmArguments(layer, context)});`,
    ],
    state: [layer.hidden.index, layer.cell.index],
    headers: ['nn_lstm.h'],
  };
}

export const lstmComment = (layer: LstmFrame): string[] => [
  describe('input', layer.input),
  describe('hidden', layer.hidden),
  describe('cell', layer.cell),
  describe('output', layer.output),
  `  ${layer.steps} steps of ${layer.inputs} inputs, ${layer.units} units, batch ${layer.batches}; the state persists until reset`,
];

/** Initialiser lines that every kernel's struct has. */
export const lstmShape = (layer: LstmFrame): string[] => [
  `  .batches = ${layer.batches}, .steps = ${layer.steps}, .inputs = ${layer.inputs}, .units = ${layer.units},`,
  `  .batch_stride = ${layer.timeMajor ? 1 : layer.steps}, .step_stride = ${layer.timeMajor ? layer.batches : 1},`,
  `  .hidden_zero_point = ${layer.hiddenZeroPoint},`,
  `  .cell_low = ${layer.cellClip === null ? 'INT16_MIN' : -layer.cellClip}, .cell_high = ${layer.cellClip ?? 'INT16_MAX'},`,
];

/**
 * Initialiser lines of what makes cell and output from the gates, the same for every kernel but for how it writes a factor.
 *
 * @param tanhShift right shift after the multiplier of tanh's argument, as the kernel wants it
 */
export const lstmCell = (layer: LstmFrame, factor: (factor: Factor) => string, context: EmitContext, tanhShift = layer.tanh.shift): string[] => [
  `  .forget_times_cell = ${factor(layer.forgetTimesCell)},`,
  `  .input_times_cell = ${factor(layer.inputTimesCell)},`,
  `  .output_times_tanh = ${factor(layer.outputTimesTanh)},`,
  `  .tanh_multiplier = ${layer.tanh.multiplier}, .tanh_shift = ${tanhShift},`,
  `  .sigmoid_table = ${sigmoidTable(context)},`,
];

/** C symbol of the table of nn_sigmoid.h. */
const sigmoidTable = (context: EmitContext): string => context.constants.addTable('sigmoid', 'uint16_t', 'about 65536 * sigmoid(i / 24)', Array.from(SIGMOID_TABLE, String));

export const lstmArguments = (layer: LstmFrame, context: EmitContext): string => [layer.input, layer.hidden, layer.cell, layer.output].map(context.pointer).join(', ');

/** Initialiser lines of one nn_lstm_gate; adds its constants. */
function gateText({ name, input, recurrent }: LstmGate, layer: LstmLayer, context: EmitContext): string[] {
  const { constants } = context;
  const { units, inputs, operator } = layer;
  const what = `${name.replace('_', ' ')} of layer ${operator.index}`;
  const prefix = `layer${operator.index}_${name}`;
  const w = constants.add(`t${input.filter.index}`, 'int8_t', `input weights, ${what} [${units}, ${inputs}]`, int8Items(input.weights));
  const r = constants.add(`t${recurrent.filter.index}`, 'int8_t', `recurrent weights, ${what} [${units}, ${units}]`, int8Items(recurrent.weights));
  const wBias = constants.add(`${prefix}_input_bias`, 'int32_t', `bias, ${what}, input zero point folded in`, int32Items(input.bias));
  const rBias = recurrent.bias.every((bias) => bias === 0) ? 'NULL' : constants.add(`${prefix}_recurrent_bias`, 'int32_t', `hidden zero point folded, ${what}`, int32Items(recurrent.bias));
  return [
    `  .${name} = {`,
    `    .input_weights = ${w}, .recurrent_weights = ${r},`,
    `    .input_bias = ${wBias}, .recurrent_bias = ${rBias},`,
    `    .input_requant = ${factorText(input.factor)},`,
    `    .recurrent_requant = ${factorText(recurrent.factor)},`,
    '  },',
  ];
}
