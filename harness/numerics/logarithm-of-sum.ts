import { oneOverOnePlusX } from './exponential.ts';
import { rdbp, sat32, saturatingShiftLeft, srdhm } from './fixed-point.ts';

/** In Q0.31: ln 2, 2^(-1/4), 2^(-1/2). */
const LN2 = 1488522236;
const QUARTER_ROOT_HALF = 1805811301;
const ROOT_HALF = 1518500250;
/** Coefficients of a quotient that is the logarithm near 2^(-1/4), Q0.31: 2^(1/4) times 11/240, 1/20, 1/4; and 2^(3/4) - 2^(1/4). */
const [N, D, F, I] = [117049297, 127690142, 638450708, 1057819769] as const;

/** Integer bits of the argument, and of the sum that becomes the result. */
const ARGUMENT_BITS = 12;
const SUM_BITS = 6;
const QUARTER = 2 ** 23;

/**
 * ln x for x >= 1: Q12.19 to Q5.26.
 * (TFLM kernels/internal/common.h, log_x_for_x_greater_than_or_equal_to_1_impl)
 * @param x int32, at least 2^19
 */
export function logarithmOfSum(x: number): number {
  // Two ways to bring x to a power of two near it; the greater power has the mantissa nearer to 2^(-1/4).
  const zeros = Math.clz32(x);
  const wholeMantissa = saturatingShiftLeft(srdhm(saturatingShiftLeft(x, zeros - 1), ROOT_HALF), 1);
  const wholePower = sat32((ARGUMENT_BITS - zeros) * 2 ** (31 - SUM_BITS) + QUARTER);
  const headroom = Math.clz32(srdhm(x, ROOT_HALF)) - 1;
  const halfMantissa = saturatingShiftLeft(x, headroom);
  const halfPower = sat32((ARGUMENT_BITS - headroom) * 2 ** (31 - SUM_BITS) - QUARTER);
  const mantissa = Math.min(wholeMantissa, halfMantissa);
  const power = Math.max(wholePower, halfPower);

  const p = halfSum(mantissa, QUARTER_ROOT_HALF);
  const q = (2 * (mantissa - QUARTER_ROOT_HALF)) | 0;
  const square = srdhm(q, q);
  const numerator = (srdhm(q, mantissa) + srdhm(srdhm(q, square), N)) | 0;
  const denominator = (srdhm(p, (I + q + srdhm(D, square)) | 0) + srdhm(F, q)) | 0;
  const fraction = srdhm(rdbp(numerator, SUM_BITS), oneOverOnePlusX(denominator));
  return saturatingShiftLeft((srdhm(power, LN2) + fraction) | 0, 1);
}

/** (a + b) / 2, half away from zero. (gemmlowp fixedpoint.h, RoundingHalfSum) */
const halfSum = (a: number, b: number): number => Math.trunc((a + b + (a + b >= 0 ? 1 : -1)) / 2);
