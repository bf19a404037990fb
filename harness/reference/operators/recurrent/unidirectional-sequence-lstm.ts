import { Activation } from '../../../model/index.ts';
import { sat16 } from '../../../numerics/index.ts';
import type { OperatorContext, OperatorReference } from '../../context.ts';
import { lstmKernel } from '../../fast/lstm.ts';
import { multiply } from '../../matrix-product.ts';
import { readOperands } from './lstm/operands.ts';
import type { LstmOperands } from './lstm/operands.ts';
import { prepareParameters } from './lstm/parameters.ts';
import type { Gate, LstmParameters } from './lstm/parameters.ts';

/**
 * LSTM of int8 activations and weights, int16 gates and cell state, over all steps of a sequence. State carries over.
 * (TFLM micro/kernels/lstm_eval.h: LstmStep, EvalLstm; unidirectional_sequence_lstm.cc. The paper: Hochreiter and Schmidhuber 1997)
 */
export const unidirectionalSequenceLstm: OperatorReference = {
  name: 'UNIDIRECTIONAL_SEQUENCE_LSTM',
  supports: '8x8_16 (int8 activations and weights, int16 cell state with a power-of-two scale), tanh, no peephole, projection, layer normalisation or CIFG',
  prepare(context: OperatorContext) {
    const { options } = context.operator;
    context.require(options.fused_activation_function === Activation.TANH, `activation ${String(options.fused_activation_function)}, only TANH`);
    context.require(options.diagonal_recurrent_tensors === false, 'diagonal recurrent weights');
    const operands = readOperands(context);
    const parameters = prepareParameters(context, operands);
    const fast = context.engine === null || context.rounding.requantise !== 'double' ? null : lstmKernel(context.engine, operands, parameters);
    if (fast !== null) return fast;
    const step = prepareStep(context, operands, parameters);
    const { batches, steps, depth, units, timeMajor } = operands.sizes;
    const output = operands.output.data;
    const hidden = operands.hidden.data;
    return () => {
      // Rows do not see each other, so that finishing one before the next is right for both layouts.
      for (let batch = 0; batch < batches; batch++) {
        for (let t = 0; t < steps; t++) {
          const vector = timeMajor ? t * batches + batch : batch * steps + t;
          step(vector * depth, batch * units);
          for (let u = 0; u < units; u++) output[vector * units + u] = hidden[batch * units + u] as number;
        }
      }
    };
  },
};

/** One step of one row: input codes from inputAt on, hidden and cell state from stateAt on. */
type Step = (inputAt: number, stateAt: number) => void;

function prepareStep(context: OperatorContext, operands: LstmOperands, parameters: LstmParameters): Step {
  const { requantise } = context;
  const { gates, forgetTimesCell, inputTimesGate, outputTimesTanh, cellTanh, cellClip } = parameters;
  const { units } = operands.sizes;
  const input = operands.input.data;
  const hidden = operands.hidden.data;
  const cell = operands.cell.data;
  const hiddenZeroPoint = operands.hidden.zeroPoint;
  const scratch = new Int16Array(units);
  const [i, f, g, o] = [new Int16Array(units), new Int16Array(units), new Int16Array(units), new Int16Array(units)];

  const evaluate = (gate: Gate, inputAt: number, stateAt: number, result: Int16Array): void => {
    multiply(gate.input, input, inputAt, result, 0);
    multiply(gate.recurrent, hidden, stateAt, scratch, 0);
    const { activation } = gate;
    for (let u = 0; u < units; u++) {
      const sum = (result[u] as number) + (scratch[u] as number);
      // Both products were saturated before, and the sum is again: LiteRT saturates once, which is another result.
      result[u] = activation[(sum < -32768 ? -32768 : sum > 32767 ? 32767 : sum) + 32768] as number;
    }
  };

  return (inputAt, stateAt) => {
    evaluate(gates.forget, inputAt, stateAt, f);
    evaluate(gates.input, inputAt, stateAt, i);
    evaluate(gates.cell, inputAt, stateAt, g);
    evaluate(gates.output, inputAt, stateAt, o);
    for (let u = 0; u < units; u++) {
      const kept = sat16(requantise((f[u] as number) * (cell[stateAt + u] as number), forgetTimesCell.multiplier, forgetTimesCell.shift));
      const added = sat16(requantise((i[u] as number) * (g[u] as number), inputTimesGate.multiplier, inputTimesGate.shift));
      const sum = sat16(kept + added);
      const clipped = sum < -cellClip ? -cellClip : sum > cellClip ? cellClip : sum;
      cell[stateAt + u] = clipped;
      const product = (cellTanh[clipped + 32768] as number) * (o[u] as number);
      const code = requantise(product, outputTimesTanh.multiplier, outputTimesTanh.shift) + hiddenZeroPoint;
      hidden[stateAt + u] = code < -128 ? -128 : code > 127 ? 127 : code;
    }
  };
}

