import { expOnNegativeValues } from '../exponential.ts';
import { rdbp, srdhm } from '../fixed-point.ts';
import { quantizeMultiplier } from '../multiplier.ts';
import type { QuantizedMultiplier } from '../multiplier.ts';
import { demand } from './form.ts';

/** Integer bits of the scaled differences (Q5.26) and of a sum of exponentials (Q12.19). */
export const DIFFERENCE_BITS = 5;
export const SUM_BITS = 12;

/** exp of the difference to the row's greatest code, at minus that difference: 0 ... 255. */
export interface Exponentials {
  /** Q0.31. */
  readonly fine: Int32Array;
  /** Q12.19, as it enters the sum. */
  readonly coarse: Int32Array;
  /** Differences of fewer codes count; those beyond are as if their exponential were 0. */
  readonly count: number;
  /** From a difference of codes to Q5.26: SRDHM(difference << shift, multiplier). */
  readonly factor: QuantizedMultiplier;
}

/** (TFLM kernels/internal/quantization_util.cc, PreprocessSoftmaxScaling and CalculateInputRadius) @throws UnsupportedForm */
export function exponentialsOf(beta: number, scale: number): Exponentials {
  const real = Math.min(beta * scale * 2 ** (31 - DIFFERENCE_BITS), 2 ** 31 - 1);
  demand(real > 1, `beta * scale = ${beta * scale} is too small`);
  const factor = quantizeMultiplier(real);
  const radius = Math.floor((31 * 2 ** 26) / 2 ** factor.shift);
  const count = Math.min(256, radius + 1);
  const fine = Int32Array.from({ length: count }, (_, d) => expOnNegativeValues(scaledDifference(-d, factor), DIFFERENCE_BITS));
  return { fine, coarse: fine.map((value) => rdbp(value, SUM_BITS)), count, factor };
}

/** A difference of codes, at most 0, in Q5.26. */
export const scaledDifference = (difference: number, { multiplier, shift }: QuantizedMultiplier): number => srdhm((difference * 2 ** shift) | 0, multiplier);

/** Entries of `fine` that add to a sum; all beyond are less than 2^-20, which is nothing in a result of 16 bits either. */
export const usedOf = ({ coarse }: Exponentials): number => coarse.findLastIndex((value) => value !== 0) + 1;
