import { clamp } from '../fixed-point.ts';
import { inverseSquareRoot } from '../inverse-square-root.ts';
import { factorOf } from './factor.ts';
import { demand } from './form.ts';
import type { CodeFunction } from './form.ts';

/** Bits that keep the inverse square root an integer between its two multiplications. */
const SHIFT = 20;

/**
 * int8; values below zero have none, and NaN stands for them: TFLM ends the inference there, and generated C writes 0.
 * (TFLM micro/kernels/elementwise.cc, RsqrtEvalQuantized)
 */
export const rsqrt8: CodeFunction = ({ input, output, requantise }) => {
  const f = Math.fround;
  const { multiplier, shift } = factorOf(1 / f(f(Math.sqrt(input.scale)) * output.scale), '1 / (sqrt(input) * output)');
  demand(shift - SHIFT >= -31, `output scale ${output.scale} is too large`);
  return (code) => {
    const value = code - input.zeroPoint;
    if (value < 0) return Number.NaN;
    if (value === 0) return 127;
    const inverse = inverseSquareRoot(value);
    const fine = requantise(1, inverse.multiplier, inverse.shift + SHIFT);
    return clamp(requantise(fine, multiplier, shift - SHIFT) + output.zeroPoint, -128, 127);
  };
};
