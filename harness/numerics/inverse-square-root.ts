import { rdbp, saturatingShiftLeft, srdhm } from './fixed-point.ts';
import type { QuantizedMultiplier } from './multiplier.ts';

/** sqrt(1/2) in Q0.31. */
const SQRT_HALF = 1518500250;

/**
 * 1 / sqrt(x) as multiplier and shift, by five Newton steps in Q3.28 from 1; 0 counts as 1.
 * (TFLM kernels/internal/common.h, GetInvSqrtQuantizedMultiplierExp)
 * @param x int32, at least 0
 */
export function inverseSquareRoot(x: number): QuantizedMultiplier {
  if (x <= 1) return { multiplier: 0x7fffffff, shift: 0 };
  let value = x;
  let right = 11;
  for (; value >= 2 ** 29; right++) value = Math.trunc(value / 4);
  const pairs = ((Math.clz32(value) - 1) >> 1) - 1;
  right -= pairs;
  value <<= 2 * pairs; // in [2^27, 2^29)
  const half = rdbp(value >> 1, 1);
  let y = 2 ** 28;
  for (let step = 0; step < 5; step++) {
    const cube = saturatingShiftLeft(srdhm(srdhm(y, y), y), 6);
    y = saturatingShiftLeft((srdhm(3 * 2 ** 27, y) - srdhm(half, cube)) | 0, 3);
  }
  const multiplier = srdhm(y, SQRT_HALF);
  return right < 0 ? { multiplier: (multiplier << -right) | 0, shift: 0 } : { multiplier, shift: -right };
}
