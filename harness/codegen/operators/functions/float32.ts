import type { Operator, Tensor } from '../../../model/graph.ts';
import { floatText } from '../../constants.ts';
import type { LayerPlan } from '../../context.ts';
import { elementPlan, loopOver } from '../elements.ts';

/** C statements that make y[i] of `const float v = x[i]`, and what they call. */
interface FloatCode {
  readonly lines: readonly string[];
  readonly headers: readonly string[];
}

const expression = (text: string, ...headers: string[]): FloatCode => ({ lines: [`y[i] = ${text};`], headers });

/** By schema name; operation by operation what numerics' FLOAT32_FUNCTIONS computes. */
const CODE: Readonly<Record<string, FloatCode>> = {
  ABS: expression('v > 0.0f ? v : 0.0f - v'),
  CEIL: expression('nn_float_ceil(v)', 'nn_float_round.h'),
  COS: expression('nn_float_cos(v)', 'nn_float_trigonometric.h'),
  ELU: expression('v < 0.0f ? nn_float_expm1_of_negative(v) : v', 'nn_float_exp.h'),
  EXP: expression('nn_float_exp(v)', 'nn_float_exp.h'),
  FLOOR: expression('nn_float_floor(v)', 'nn_float_round.h'),
  HARD_SWISH: { lines: ['const float gate = v + 3.0f > 0.0f ? v + 3.0f : 0.0f;', 'y[i] = v * (gate < 6.0f ? gate : 6.0f) / 6.0f;'], headers: [] },
  LOG: expression('nn_float_log(v)', 'nn_float_log.h'),
  LOGISTIC: expression('nn_float_logistic(v)', 'nn_float_exp.h'),
  NEG: expression('-v'),
  RELU: expression('v < 0.0f ? 0.0f : v'),
  RELU6: expression('v > 6.0f ? 6.0f : v < 0.0f ? 0.0f : v'),
  RELU_0_TO_1: expression('v > 1.0f ? 1.0f : v < 0.0f ? 0.0f : v'),
  RELU_N1_TO_1: expression('v > 1.0f ? 1.0f : v < -1.0f ? -1.0f : v'),
  ROUND: expression('nn_float_round(v)', 'nn_float_round.h'),
  RSQRT: expression('1.0f / nn_sqrt(v)', 'nn_sqrt.h'),
  SIN: expression('nn_float_sin(v)', 'nn_float_trigonometric.h'),
  SQRT: expression('nn_sqrt(v)', 'nn_sqrt.h'),
  SQUARE: expression('v * v'),
  TANH: expression('nn_float_tanh(v)', 'nn_float_exp.h'),
};

function codeOf({ name, options }: Operator): FloatCode | undefined {
  if (name !== 'LEAKY_RELU') return CODE[name];
  return expression(`v > 0.0f ? v : v * ${floatText(Math.fround(Number(options['alpha'])))}`);
}

/** The layer of a function of one float32; null where there is none of this operator. */
export function float32Plan(operator: Operator, input: Tensor, output: Tensor): LayerPlan | null {
  const code = codeOf(operator);
  if (code === undefined) return null;
  return elementPlan(input, output, [], (from, to) => ({ body: loopOver(input, output, from, to, code.lines), headers: code.headers }));
}
