import type { OperatorReference } from '../../context.ts';
import { svdf } from './svdf.ts';
import { unidirectionalSequenceLstm } from './unidirectional-sequence-lstm.ts';

export const references: readonly OperatorReference[] = [svdf, unidirectionalSequenceLstm];
