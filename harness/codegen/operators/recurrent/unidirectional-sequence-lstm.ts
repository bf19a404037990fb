import type { OperatorGenerator } from '../../context.ts';
import { readLstm } from '../../layers/lstm.ts';
import { chooseKernel } from '../../targets/kernel-set.ts';

/** UNIDIRECTIONAL_SEQUENCE_LSTM, int8 with int16 gates and cell. */
export const unidirectionalSequenceLstm: OperatorGenerator = {
  op: 'UNIDIRECTIONAL_SEQUENCE_LSTM',
  supports: 'int8 activations and weights, int16 gates and cell (8x8_16)',
  types: ['int8'],
  plan: (operator, context) => chooseKernel(context.target, 'lstm', readLstm(operator, context)),
};
