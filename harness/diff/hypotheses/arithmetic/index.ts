import type { Hypothesis } from '../hypothesis.ts';
import { litertLstm } from './litert-lstm.ts';

/** Causes in what is computed: rounding, scales, zero points, windows, functions. A new one is a file and a line here. */
export const arithmetic: readonly Hypothesis[] = [
  litertLstm,
];
