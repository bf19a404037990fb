import type { OperatorGenerator } from '../../context.ts';
import { l2Normalization } from './l2-normalization.ts';
import { logSoftmax } from './log-softmax.ts';
import { prelu } from './prelu.ts';
import { softmax } from './softmax.ts';
import { unary } from './unary.ts';

/** Operators of one element each; see unary(). */
const UNARY: readonly string[] = [
  'ABS', 'CEIL', 'COS', 'ELU', 'EXP', 'FLOOR', 'HARD_SWISH', 'LEAKY_RELU', 'LOG', 'LOGISTIC', 'NEG', 'RELU', 'RELU6', 'RELU_0_TO_1', 'RELU_N1_TO_1', 'ROUND',
  'RSQRT', 'SIN', 'SQRT', 'SQUARE', 'TANH',
];

export const generators: readonly OperatorGenerator[] = [l2Normalization, logSoftmax, prelu, softmax, ...UNARY.map(unary)];
