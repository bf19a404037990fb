import type { Hypothesis } from '../hypothesis.ts';
import { readProduct } from './product/read.ts';
import { detailsOf, ROUNDINGS } from './roundings.ts';
import { whatIfHypothesis } from './what-if/layer.ts';

/** Operators whose results the profile's formula decides. */
const REQUANTISING: ReadonlySet<string> = new Set([
  'ABS', 'ADD', 'ADD_N', 'BATCH_MATMUL', 'CONV_2D', 'CUMSUM', 'DEPTHWISE_CONV_2D', 'FULLY_CONNECTED', 'LEAKY_RELU', 'MEAN', 'MUL', 'PRELU', 'QUANTIZE', 'RELU',
  'SOFTMAX', 'SQUARED_DIFFERENCE', 'SUB', 'SUM', 'SVDF', 'TRANSPOSE_CONV', 'UNIDIRECTIONAL_SEQUENCE_LSTM',
]);

/** Another rounding in all requantisations of the layer. Products have their own way, which is faster. */
export const rounding: readonly Hypothesis[] = ROUNDINGS.map(({ cause, text, formula }) => whatIfHypothesis(cause, ({ operators }, evidence) => {
  if (readProduct(evidence) !== null || !operators.some(({ name }) => REQUANTISING.has(name))) return [];
  return [{ text, alternatives: detailsOf(cause), rounding: (own) => ({ ...own, requantise: formula }) }];
}));

const SCALES = [['scales.float32-product', 'float32-product', 'the product of the scales is rounded to float32'], ['scales.float32', 'float32', 'products and quotients of the scales are rounded to float32']] as const;

export const scales: readonly Hypothesis[] = SCALES.map(([cause, arithmetic, text]) => whatIfHypothesis(cause, ({ operators }, evidence) => {
  if (readProduct(evidence) !== null || !operators.some(({ name }) => REQUANTISING.has(name))) return [];
  return [{ text, alternatives: 1, rounding: (own) => ({ ...own, scales: arithmetic, channelScales: arithmetic }) }];
}));
