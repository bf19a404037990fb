import type { OperatorGenerator } from '../../context.ts';
import { readLstm } from '../../layers/lstm.ts';
import { readWideLstm } from '../../layers/lstm-wide.ts';
import { chooseKernel } from '../../targets/kernel-set.ts';
import { inputTensor } from '../refusal.ts';
import { wideLstm } from './lstm-wide.ts';

/** UNIDIRECTIONAL_SEQUENCE_LSTM, int8 or int16 with int16 gates and cell. */
export const unidirectionalSequenceLstm: OperatorGenerator = {
  op: 'UNIDIRECTIONAL_SEQUENCE_LSTM',
  supports: 'int8 or int16 activations, int8 weights, int16 gates and cell (8x8_16, 16x8_16)',
  types: ['int8', 'int16'],
  plan: (operator, context) => (inputTensor(context.graph, operator, 0).dtype === 'int16'
    ? wideLstm(readWideLstm(operator, context))
    : chooseKernel(context.target, 'lstm', readLstm(operator, context))),
};
