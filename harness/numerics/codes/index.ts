import { elu8 } from './elu.ts';
import type { CodeFunction } from './form.ts';
import { hardSwish8 } from './hard-swish.ts';
import { abs, INT16, INT8, leakyRelu, relu, relu6, reluBetween } from './rectifiers.ts';
import { rsqrt8 } from './rsqrt.ts';
import { logistic16, logistic8, tanh16, tanh8 } from './saturating-curve.ts';

export { curveInput, CURVE_SCALE } from './curve-input.ts';
export { demand, tabulate8, UnsupportedForm } from './form.ts';
export type { CodeForm, CodeFunction, Codes } from './form.ts';
export { DIFFERENCE_BITS, exponentialsOf, scaledDifference, SUM_BITS, usedOf } from './exponentials.ts';
export type { Exponentials } from './exponentials.ts';
export { logSoftmaxTables } from './log-softmax.ts';
export type { LogSoftmaxTables } from './log-softmax.ts';
export { EXP16_TABLE, lookup16, RECIPROCAL16_TABLE } from './lookup16.ts';
export { demandSoftmax8Output, softmax16Factor } from './softmax.ts';
export { CODE_RANGES, isQuantisePair, QUANTISE_PAIRS } from './quantise-pairs.ts';
export { absFactor, INT16, INT8, leakyFactors, reluRescaling } from './rectifiers.ts';

/** Operators of one int8 operand whose result is of its scale or of one that TFLM fixes, by schema name. */
export const INT8_FUNCTIONS: Readonly<Record<string, CodeFunction>> = {
  ABS: abs(INT8), ELU: elu8, HARD_SWISH: hardSwish8, LEAKY_RELU: leakyRelu(INT8), LOGISTIC: logistic8, RELU: relu(INT8), RELU6: relu6(INT8),
  RELU_0_TO_1: reluBetween(0, 1), RELU_N1_TO_1: reluBetween(-1, 1), RSQRT: rsqrt8, TANH: tanh8,
};

/** The same of int16. */
export const INT16_FUNCTIONS: Readonly<Record<string, CodeFunction>> = {
  ABS: abs(INT16), LEAKY_RELU: leakyRelu(INT16), LOGISTIC: logistic16, RELU: relu(INT16), RELU6: relu6(INT16), TANH: tanh16,
};
