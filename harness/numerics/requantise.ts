import { rdbp, srdhm } from './fixed-point.ts';
import { roundHalfAway } from './multiplier.ts';
import { OTHER_ROUNDINGS } from './other-roundings.ts';

/** From an int32 accumulator to the output's codes (before its zero point is added). See QuantizedMultiplier. */
export type Requantise = (x: number, multiplier: number, shift: number) => number;

/** The same with the factor itself instead of its fixed-point form. */
export type RequantiseReal = (x: number, real: number) => number;

/**
 * The formula named `double`: two roundings, the second with ties away from zero. TFLM as built, CMSIS-NN by default.
 * (MultiplyByQuantizedMultiplier, kernels/internal/common.cc)
 * @param x int32; shifted left it must still be one (the C code's condition; here it wraps as two's complement does)
 */
export function requantiseDouble(x: number, multiplier: number, shift: number): number {
  return shift > 0 ? srdhm(x << shift, multiplier) : rdbp(srdhm(x, multiplier), -shift);
}

/** `neon-double`: as `double`, but the second rounding has its ties upwards, as Arm's rounding shift and ruy's x86 kernels do. */
export function requantiseNeonDouble(x: number, multiplier: number, shift: number): number {
  const high = srdhm(shift > 0 ? x << shift : x, multiplier);
  return shift < 0 ? Math.floor((high + 2 ** (-shift - 1)) / 2 ** -shift) : high;
}

/**
 * `single`: (x * multiplier + 2^(30 - shift)) >> (31 - shift), one rounding with ties upwards.
 * (TFLITE_SINGLE_ROUNDING; CMSIS-NN's CMSIS_NN_USE_SINGLE_ROUNDING)
 */
export function requantiseSingle(x: number, multiplier: number, shift: number): number {
  return shiftProduct(x, multiplier, 31 - shift);
}

/**
 * `s64`: an int64 accumulator times a multiplier of 16 bits, one rounding with ties upwards; the same in builds with and without
 * single rounding. (MultiplyByQuantizedMultiplier of int64_t, kernels/internal/common.cc)
 * @param x -2^47 <= x < 2^47
 * @param shift -31 to 7
 * @returns an int32: a greater result wraps, as the kernels' conversion to int32 does, and then saturates at the wrong end
 */
export function requantiseWide(x: number, multiplier: number, shift: number): number {
  const reduced = multiplier < 0x7fff0000 ? (multiplier + 0x8000) >> 16 : 0x7fff;
  return shiftProduct(x, reduced, 15 - shift) | 0;
}

/**
 * floor((x * m + 2^(n - 1)) / 2^n) for |x| < 2^48, 0 <= m < 2^31, |x * m| < 2^63, n >= 1, without BigInt.
 * x = high * 2^22 + low, so that float64 holds both partial products; as floor((high * m * 2^22 + p) / 2^n) =
 * floor((high * m + floor(p / 2^22)) / 2^(n - 22)) for n >= 22.
 */
function shiftProduct(x: number, m: number, n: number): number {
  const high = Math.floor(x / 0x400000);
  const low = x - high * 0x400000;
  if (n > 22) return Math.floor((high * m + 2 ** (n - 23) + Math.floor((low * m) / 0x400000)) / 2 ** (n - 22));
  return high * m * 2 ** (22 - n) + Math.floor((low * m + 2 ** (n - 1)) / 2 ** n);
}

/** `float-round`: one product in float64, ties away from zero. (LiteRT reference/integer_ops/fully_connected.h, since 1.3.0) */
export function requantiseFloatRound(x: number, real: number): number {
  return roundHalfAway(x * real);
}

/** `xnn-fp32`: one product in float32, ties to even. (XNNPACK, the fp32 requantisation of its qs8 kernels) */
export function requantiseXnnFp32(x: number, real: number): number {
  const value = Math.fround(Math.fround(x) * Math.fround(real));
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}

/** Formulas by the names of the rounding profiles; a later formula is one more entry. */
export const REQUANTISE = { double: requantiseDouble, 'neon-double': requantiseNeonDouble, single: requantiseSingle, ...OTHER_ROUNDINGS } as const satisfies Record<string, Requantise>;
export const REQUANTISE_REAL = { 'float-round': requantiseFloatRound, 'xnn-fp32': requantiseXnnFp32 } as const satisfies Record<string, RequantiseReal>;
export type FixedPointName = keyof typeof REQUANTISE;
export type RequantiseName = FixedPointName | keyof typeof REQUANTISE_REAL;

/** Whether a formula works with a multiplier and a shift rather than with the real factor. */
export const isFixedPoint = (name: RequantiseName): name is FixedPointName => name in REQUANTISE;
