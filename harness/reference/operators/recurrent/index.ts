import type { OperatorReference } from '../../context.ts';
import { unidirectionalSequenceLstm } from './unidirectional-sequence-lstm.ts';

export const references: readonly OperatorReference[] = [unidirectionalSequenceLstm];
