import type { OperatorGenerator } from '../../context.ts';
import { softmax } from './softmax.ts';
import { unary } from './unary.ts';

/** Operators of one element each; see unary(). */
const UNARY: readonly string[] = [
  'ABS', 'CEIL', 'COS', 'ELU', 'EXP', 'FLOOR', 'HARD_SWISH', 'LEAKY_RELU', 'LOG', 'LOGISTIC', 'NEG', 'RELU', 'RELU6', 'ROUND', 'RSQRT', 'SIN', 'SQRT', 'SQUARE', 'TANH',
];

export const generators: readonly OperatorGenerator[] = [softmax, ...UNARY.map(unary)];
