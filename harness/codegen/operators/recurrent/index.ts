import type { OperatorGenerator } from '../../context.ts';
import { unidirectionalSequenceLstm } from './unidirectional-sequence-lstm.ts';

export const generators: readonly OperatorGenerator[] = [unidirectionalSequenceLstm];
