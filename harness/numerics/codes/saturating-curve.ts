import { scaledSigmoid16, scaledTanh16 } from '../activation16.ts';
import { expOnNegativeValues, oneMinusXOverOnePlusX, oneOverOnePlusX } from '../exponential.ts';
import { clamp, rdbp } from '../fixed-point.ts';
import { quantizeMultiplier } from '../multiplier.ts';
import { CURVE_SCALE, curveInput } from './curve-input.ts';
import { demand } from './form.ts';
import type { CodeForm, CodeFunction } from './form.ts';

/** The input of the fixed-point curves is Q4.27. */
const INTEGER_BITS = 4;
const Q31_ONE = 0x7fffffff;

/** logistic of a Q4.27 value, Q0.31. (gemmlowp fixedpoint.h, logistic) */
function logistic(a: number): number {
  if (a === 0) return 2 ** 30;
  const positive = oneOverOnePlusX(expOnNegativeValues(-Math.abs(a), INTEGER_BITS));
  return a > 0 ? positive : Q31_ONE - positive;
}

/** tanh of a Q4.27 value, Q0.31: read as Q5.26 the value is doubled. (gemmlowp fixedpoint.h, tanh) */
function tanh(a: number): number {
  if (a === 0) return 0;
  const positive = oneMinusXOverOnePlusX(expOnNegativeValues(-Math.abs(a), INTEGER_BITS + 1));
  return a > 0 ? positive : -positive;
}

/** int8: the curve in fixed point within a radius, the ends of int8 beyond it. */
function curve8({ input, requantise }: CodeForm, curve: (a: number) => number, bits: number, zeroPoint: number): (code: number) => number {
  const { multiplier, shift } = quantizeMultiplier(input.scale * 2 ** (31 - INTEGER_BITS));
  demand(shift >= 0 && shift <= 62, `input scale ${input.scale} is outside 2^-27 to 2^35`);
  const radius = Math.floor(((2 ** INTEGER_BITS - 1) * 2 ** (31 - INTEGER_BITS)) / 2 ** shift);
  return (code) => {
    const value = code - input.zeroPoint;
    if (value <= -radius) return -128;
    if (value >= radius) return 127;
    return clamp(rdbp(curve(requantise(value, multiplier, shift)), 31 - bits) + zeroPoint, -128, 127);
  };
}

/** (TFLM kernels/internal/reference/integer_ops/logistic.h and micro/kernels/logistic_common.cc, int8) */
export const logistic8: CodeFunction = (form) => {
  demand(form.output.zeroPoint === -128, `output has zero point ${form.output.zeroPoint}, not -128`);
  return curve8(form, logistic, 8, -128);
};

/** (TFLM kernels/internal/reference/integer_ops/tanh.h and micro/kernels/tanh.cc, int8) */
export const tanh8: CodeFunction = (form) => curve8(form, tanh, 7, 0);

/** int16: one table, interpolated. (the same files, int16) */
export const logistic16: CodeFunction = (form) => {
  const scale = curveInput(form, CURVE_SCALE.logistic);
  return (code) => scaledSigmoid16(code, scale);
};

export const tanh16: CodeFunction = (form) => {
  const scale = curveInput(form, CURVE_SCALE.tanh);
  return (code) => scaledTanh16(code, scale);
};
