import type { OperatorGenerator } from '../../context.ts';
import { svdf } from './svdf.ts';
import { unidirectionalSequenceLstm } from './unidirectional-sequence-lstm.ts';

export const generators: readonly OperatorGenerator[] = [svdf, unidirectionalSequenceLstm];
