import { rdbp, saturatingShiftLeft, srdhm } from './fixed-point.ts';

/** e^(-1/8) and 1/3 in Q0.31. */
const EXP_MINUS_EIGHTH = 1895147668;
const THIRD = 715827883;
/** e^(-2^k) in Q0.31 for k = -2 ... 4. */
const EXP_MINUS_POWERS: readonly number[] = [1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242];
const Q31_ONE = 0x7fffffff;

/**
 * exp(a) for a <= 0: a quarter-sized remainder by a polynomial around -1/8, the rest by a product of constants.
 * (gemmlowp fixedpoint.h, exp_on_negative_values)
 * @param a int32 raw value in Q`integerBits`.(31 - integerBits), at most 0
 * @param integerBits 0 to 5: one bit more would need a clamp that nothing here uses
 * @returns Q0.31
 */
export function expOnNegativeValues(a: number, integerBits: number): number {
  const fractionBits = 31 - integerBits;
  if (a === 0) return Q31_ONE;
  const quarter = 2 ** (fractionBits - 2);
  const reduced = (a & (quarter - 1)) - quarter;
  let result = expNearEighth(saturatingShiftLeft(reduced, integerBits));
  const rest = reduced - a;
  EXP_MINUS_POWERS.forEach((factor, k) => {
    const exponent = k - 2;
    if (integerBits > exponent && ((rest >> (fractionBits + exponent)) & 1) !== 0) result = srdhm(result, factor);
  });
  return result;
}

/** exp(x) for x in [-1/4, 0), Q0.31: Taylor series of four terms around -1/8. (exp_on_interval_between_negative_one_quarter_and_0_excl) */
function expNearEighth(x: number): number {
  const y = x + 2 ** 28;
  const y2 = srdhm(y, y);
  const y3 = srdhm(y2, y);
  const y4 = srdhm(y2, y2);
  const tail = rdbp(srdhm(rdbp(y4, 2) + y3, THIRD) + y2, 1);
  return (EXP_MINUS_EIGHTH + srdhm(EXP_MINUS_EIGHTH, y + tail)) | 0;
}

/** 1 / (1 + x) for x in [0, 1), both Q0.31. (gemmlowp fixedpoint.h, one_over_one_plus_x_for_x_in_0_1) */
export function oneOverOnePlusX(x: number): number {
  return saturatingShiftLeft(twoOverOnePlusX(x), 1);
}

/** (1 - x) / (1 + x) for x in [0, 1), both Q0.31: 2 / (1 + x) - 1. (one_minus_x_over_one_plus_x_for_x_in_0_1) */
export function oneMinusXOverOnePlusX(x: number): number {
  return saturatingShiftLeft(twoOverOnePlusX(x) - 2 ** 29, 2);
}

/** 2 / (1 + x) in Q2.29 by three Newton steps. */
function twoOverOnePlusX(x: number): number {
  const sum = x + Q31_ONE;
  const half = Math.trunc((sum + (sum >= 0 ? 1 : -1)) / 2);
  let z = (1515870810 + srdhm(half, -1010580540)) | 0;
  for (let step = 0; step < 3; step++) {
    const error = (2 ** 29 - srdhm(half, z)) | 0;
    z = (z + saturatingShiftLeft(srdhm(z, error), 2)) | 0;
  }
  return z;
}
