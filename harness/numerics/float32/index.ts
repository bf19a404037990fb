import { exp32, expm1OfNegative32, logistic32, tanh32 } from './exponential.ts';
import { log32 } from './logarithm.ts';
import { sqrt32 } from './square-root.ts';
import { cos32, sin32 } from './trigonometric.ts';

export { cos32, exp32, expm1OfNegative32, log32, logistic32, sin32, sqrt32, tanh32 };

const f = Math.fround;

/** From float32 to float32. */
export type FloatFunction = (x: number) => number;

/** Half to even by way of floor, as TFLM does it. (kernels/internal/reference/round.h) */
function roundToEven(x: number): number {
  const floor = Math.floor(x);
  const rest = f(x - floor);
  return rest < 0.5 || (rest === 0.5 && floor % 2 === 0) ? floor : f(floor + 1);
}

/**
 * Operators of one float32 operand without options, by schema name. Comparisons are as in TFLM, which decides what becomes of NaN.
 * (TFLM micro/kernels/elementwise.cc, activations_common.cc, neg.cc, floor.cc, ceil.cc, round.cc, exp.cc;
 * kernels/internal/reference/elu.h, hard_swish.h, logistic.h, tanh.h; for the two that TFLM does not have LiteRT's reference_ops.h, Relu0To1, Relu1)
 */
export const FLOAT32_FUNCTIONS: Readonly<Record<string, FloatFunction>> = {
  ABS: Math.abs,
  CEIL: Math.ceil,
  COS: cos32,
  ELU: (x) => (x < 0 ? expm1OfNegative32(x) : x),
  EXP: exp32,
  FLOOR: Math.floor,
  HARD_SWISH: (x) => {
    const shifted = f(x + 3);
    const gate = shifted > 0 ? shifted : 0;
    return f(f(x * (gate < 6 ? gate : 6)) / 6);
  },
  LOG: log32,
  LOGISTIC: logistic32,
  NEG: (x) => -x,
  RELU: (x) => (x < 0 ? 0 : x),
  RELU6: (x) => (x > 6 ? 6 : x < 0 ? 0 : x),
  RELU_0_TO_1: (x) => (x > 1 ? 1 : x < 0 ? 0 : x),
  RELU_N1_TO_1: (x) => (x > 1 ? 1 : x < -1 ? -1 : x),
  ROUND: roundToEven,
  RSQRT: (x) => f(1 / sqrt32(x)),
  SIN: sin32,
  SQRT: sqrt32,
  SQUARE: (x) => f(x * x),
  TANH: tanh32,
};
