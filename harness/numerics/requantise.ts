import { rdbp, srdhm } from './fixed-point.ts';

/** From an int32 accumulator to the output's codes (before its zero point is added). See QuantizedMultiplier. */
export type Requantise = (x: number, multiplier: number, shift: number) => number;

/**
 * The formula named `double`: two roundings, the second with ties away from zero. TFLM as built, CMSIS-NN by default.
 * (MultiplyByQuantizedMultiplier, kernels/internal/common.cc)
 * @param x int32; shifted left it must still be one (the C code's condition; here it wraps as two's complement does)
 */
export function requantiseDouble(x: number, multiplier: number, shift: number): number {
  return shift > 0 ? srdhm(x << shift, multiplier) : rdbp(srdhm(x, multiplier), -shift);
}

/** Formulas by the names of the rounding profiles; a later formula is one more entry. */
export const REQUANTISE = { double: requantiseDouble } as const satisfies Record<string, Requantise>;
export type RequantiseName = keyof typeof REQUANTISE;
