import { oneOverOnePlusX } from './exponential.ts';
import { rdbp, srdhm } from './fixed-point.ts';

/**
 * Shift of an int8 quotient beyond which TFLM shifts an int32 by more than 31 (undefined in C) for some numerator, 0 among them,
 * and a divisor of this magnitude: the factor's shift must be at least this.
 */
export function leastQuotientShift(greatestDivisor: number): number {
  return 31 - Math.clz32(greatestDivisor);
}

/** Greatest shift of the factor: beyond, the quotient would have to be shifted to the left. */
export const MAX_QUOTIENT_SHIFT = 23;

/**
 * a / b * multiplier / 2^31 * 2^shift for |a|, |b| <= 255: the reciprocal in Q0.31 by Newton steps, then two roundings. b = 0, for
 * which TFLM has no defined result, gives something beyond every output on the side of a, or 0 for 0 / 0.
 * (TFLM kernels/internal/reference/div.h, GetReciprocal in kernels/internal/common.h)
 * @param shift leastQuotientShift() ... MAX_QUOTIENT_SHIFT
 */
export function quotient(a: number, b: number, multiplier: number, shift: number): number {
  if (a === 0) return 0;
  if (b === 0) return a > 0 ? 0x7fffff00 : -0x7fffff00;
  const numerator = b < 0 ? -a : a;
  const zeros = Math.clz32(Math.abs(b));
  const reciprocal = oneOverOnePlusX(((Math.abs(b) << zeros) - 0x80000000) | 0);
  const headroom = Math.clz32(numerator < 0 ? ~numerator : numerator) - 1;
  return rdbp(srdhm(srdhm(numerator << headroom, reciprocal), multiplier), headroom + 31 - zeros - shift);
}
