import { Activation } from '../../../model/index.ts';
import type { OperatorContext, OperatorReference } from '../../context.ts';
import { lstmKernel } from '../../fast/lstm.ts';
import { multiply } from '../../matrix-product.ts';
import { litertCell, litertGates } from './lstm/litert.ts';
import { readOperands } from './lstm/operands.ts';
import type { LstmOperands } from './lstm/operands.ts';
import { prepareParameters } from './lstm/parameters.ts';
import type { LstmParameters } from './lstm/parameters.ts';
import { activate, cellArithmetic, overSequence, prepareStep } from './lstm/step.ts';
import type { Evaluate } from './lstm/step.ts';
import { prepareWide } from './lstm/wide.ts';

/** Of an int8 hidden state. */
const LIMITS = [-128, 127] as const;

/**
 * LSTM of int8 or int16 activations, int8 weights, int16 gates and cell state, over all steps of a sequence. State carries over.
 * (TFLM micro/kernels/lstm_eval.h: LstmStep, EvalLstm; unidirectional_sequence_lstm.cc. The paper: Hochreiter and Schmidhuber 1997)
 */
export const unidirectionalSequenceLstm: OperatorReference = {
  name: 'UNIDIRECTIONAL_SEQUENCE_LSTM',
  supports: '8x8_16 and 16x8_16 (int8 weights, int16 cell state with a power-of-two scale), tanh, no peephole, projection, layer normalisation or CIFG',
  prepare(context: OperatorContext) {
    const { options } = context.operator;
    context.require(options.fused_activation_function === Activation.TANH, `activation ${String(options.fused_activation_function)}, only TANH`);
    context.require(options.diagonal_recurrent_tensors === false, 'diagonal recurrent weights');
    const isLitert = context.rounding.lstm === 'litert';
    if (context.input(0, 'input').tensor.dtype === 'int16') {
      context.require(!isLitert, 'LiteRT has no LSTM of int16 activations');
      return prepareWide(context);
    }
    const operands = readOperands(context);
    const parameters = prepareParameters(context, operands);
    if (isLitert) return overSequence(operands, prepareStep(operands, litertCell(context, operands, parameters), evaluation(operands, litertGates(parameters)), LIMITS));
    const fast = context.engine === null || context.rounding.requantise !== 'double' ? null : lstmKernel(context.engine, operands, parameters);
    return fast ?? overSequence(operands, prepareStep(operands, cellArithmetic(context, parameters), evaluation(operands, parameters.gates), LIMITS));
  },
};

/** Results of the gates of one row: input codes from inputAt on, hidden state from stateAt on. */
function evaluation({ input, hidden, sizes: { units } }: LstmOperands, gates: LstmParameters['gates']): Evaluate {
  // Wide enough for a product that does not saturate by itself.
  const scratch = new Int32Array(units);
  return (name, inputAt, stateAt, result) => {
    const gate = gates[name];
    multiply(gate.input, input.data, inputAt, result, 0);
    multiply(gate.recurrent, hidden.data, stateAt, scratch, 0);
    activate(result, scratch, gate.activation);
  };
}
