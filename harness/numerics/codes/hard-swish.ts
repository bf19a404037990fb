import { clamp, sat16 } from '../fixed-point.ts';
import { factorOf, ratio32 } from './factor.ts';
import { demand } from './form.ts';
import type { CodeFunction } from './form.ts';

/** A 32-bit multiplier's upper half, rounded. (TFLM kernels/internal/common.h, DownScaleInt32ToInt16Multiplier) */
const upperHalf = (multiplier: number): number => (multiplier >= 0x7fffffff - 0x8000 ? 0x7fff : (multiplier + 0x8000) >> 16);

/** Doubling high multiply of int16, ties upwards; no caller has two operands of -32768. */
const highProduct = (a: number, b: number): number => (a * b + 0x4000) >> 15;

/** As numerics' rdbp on a 16-bit type, whose mask has no more than 16 bits. */
function divideByPower16(x: number, n: number): number {
  const mask = (((2 ** n - 1) | 0) << 16) >> 16;
  return (x >> n) + ((x & mask) > (mask >> 1) + (x < 0 ? 1 : 0) ? 1 : 0);
}

/**
 * x * relu6(x + 3) / 6 in 16-bit fixed point.
 * (TFLM kernels/internal/reference/hard_swish.h, micro/kernels/hard_swish_common.cc)
 */
export const hardSwish8: CodeFunction = ({ input, output }) => {
  const fineScale = Math.fround(Math.fround(1 / 128) * input.scale);
  const toOutput = factorOf(ratio32(fineScale, output.scale), 'input / 128 / output');
  demand(toOutput.shift <= 0, `input scale ${input.scale} is more than 128 times the output's`);
  const toUnit = factorOf(ratio32(fineScale, Math.fround(3 / 32768)), 'input / 128 * 32768 / 3');
  const [outputMultiplier, unitMultiplier] = [upperHalf(toOutput.multiplier), upperHalf(toUnit.multiplier)];
  const left = toUnit.shift;
  return (code) => {
    const fine = (code - input.zeroPoint) * 128;
    const beforeShift = highProduct(fine, outputMultiplier);
    // x / 3 saturated to [-1, 1], the last of the left shifts after the multiply, so that what saturates before it does not matter.
    let gate = highProduct(left > 0 ? sat16(fine * 2 ** (left - 1)) : fine, unitMultiplier);
    gate = left > 0 ? sat16(gate * 2) : divideByPower16(gate, -left);
    gate = (gate + 0x8000) >> 1;
    const value = divideByPower16(Math.trunc((gate * beforeShift) / 0x8000), -toOutput.shift);
    return clamp(value + output.zeroPoint, -128, 127);
  };
};
