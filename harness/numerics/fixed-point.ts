/**
 * 32-bit fixed-point primitives as gemmlowp (fixedpoint/fixedpoint.h) and TFLM (kernels/internal/common.cc) define them.
 * They work on int32 held in numbers and use float64 where every intermediate value is exact, because BigInt is 50 times slower.
 */

const INT32_MIN = -0x80000000;
const INT32_MAX = 0x7fffffff;

/**
 * Saturating rounding doubling high multiply: floor((a * b + 2^30) / 2^31); only MIN * MIN does not fit and becomes MAX.
 *
 * Exact: with b = bh * 2^16 + bl (0 <= bl < 2^16) both partial products stay below 2^47, so float64 holds them, and
 * floor((a*bh*2^16 + p) / 2^31) = floor((a*bh + floor(p / 2^16)) / 2^15) for every integer p.
 */
export function srdhm(a: number, b: number): number {
  const low = Math.floor((a * (b & 0xffff) + 0x40000000) / 0x10000);
  const result = Math.floor((a * (b >> 16) + low) / 0x8000);
  return result > INT32_MAX ? INT32_MAX : result;
}

/** Rounding divide by 2^n, ties away from zero. x int32, 0 <= n <= 31. */
export function rdbp(x: number, n: number): number {
  const mask = ((1 << n) - 1) | 0;
  const threshold = (mask >> 1) + (x < 0 ? 1 : 0);
  return (x >> n) + ((x & mask) > threshold ? 1 : 0);
}

/** Saturating left shift by n >= 0 (gemmlowp SaturatingRoundingMultiplyByPOT with a positive exponent). */
export function saturatingShiftLeft(x: number, n: number): number {
  return sat32(x * 2 ** n);
}

export function sat16(x: number): number {
  return x < -32768 ? -32768 : x > 32767 ? 32767 : x;
}

export function sat32(x: number): number {
  return x < INT32_MIN ? INT32_MIN : x > INT32_MAX ? INT32_MAX : x;
}

export function clamp(x: number, least: number, greatest: number): number {
  return x < least ? least : x > greatest ? greatest : x;
}
