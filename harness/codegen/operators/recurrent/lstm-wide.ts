import type { EmitContext, LayerCode, LayerPlan } from '../../context.ts';
import type { WideLstmLayer, WideProduct } from '../../layers/lstm-wide.ts';
import { factorText } from '../../quantised.ts';
import { lstmArguments, lstmCell, lstmComment, lstmShape } from '../../targets/portable/lstm.ts';

/** LSTM 16x8_16; see firmware/kernels/nn_lstm_s16.h. */
export const wideLstm = (layer: WideLstmLayer): LayerPlan => ({ scratchBytes: 0, emit: (context) => emit(layer, context) });

function emit(layer: WideLstmLayer, context: EmitContext): LayerCode {
  const product = ({ filter, bias, multiplier, right }: WideProduct): string =>
    `{${context.operand(filter)}, ${bias === null ? '0' : context.operand(bias)}, ${multiplier}, ${right}}`;
  return {
    comment: lstmComment(layer),
    body: [
      'static const nn_lstm_s16 layer = {',
      ...lstmShape(layer).filter((line) => !line.includes('hidden_zero_point')),
      ...layer.gates.map(({ name, input, recurrent }) => `  .${name} = {${product(input)}, ${product(recurrent)}},`),
      ...lstmCell(layer, factorText, context),
      '};',
      `nn_run_lstm_s16(&layer, ${lstmArguments(layer, context)});`,
    ],
    state: [layer.hidden.index, layer.cell.index],
    headers: ['nn_lstm_s16.h'],
  };
}
