/** A real multiplier as fixed point: multiplier / 2^31 * 2^shift, multiplier in [2^30, 2^31) or 0; shift > 0 is a left shift. */
export interface QuantizedMultiplier {
  readonly multiplier: number;
  readonly shift: number;
}

const bits = new DataView(new ArrayBuffer(8));

/**
 * x = fraction * 2^exponent with 0.5 <= |fraction| < 1, exactly (C's frexp). 0 gives exponent 0.
 * @throws RangeError for NaN and infinities
 */
export function frexp(x: number): { fraction: number; exponent: number } {
  if (!Number.isFinite(x)) throw new RangeError(`frexp of ${x}`);
  if (x === 0) return { fraction: x, exponent: 0 };
  // Subnormal numbers have no implicit leading bit: bring them into the normal range first.
  const isSubnormal = Math.abs(x) < 2 ** -1022;
  bits.setFloat64(0, isSubnormal ? x * 2 ** 64 : x);
  const high = bits.getUint32(0);
  const exponent = ((high >>> 20) & 0x7ff) - 1022;
  bits.setUint32(0, (high & 0x800fffff) | (1022 << 20));
  return { fraction: bits.getFloat64(0), exponent: isSubnormal ? exponent - 64 : exponent };
}

/** C's round(): to nearest, ties away from zero. (Math.round ties towards +infinity.) */
export function roundHalfAway(x: number): number {
  const whole = Math.trunc(x);
  return Math.abs(x - whole) >= 0.5 ? whole + Math.sign(x) : whole;
}

/**
 * QuantizeMultiplier of TFLM (quantization_util.cc), the build without single rounding: multipliers below 2^-32 become 0.
 * @param real finite
 * @throws RangeError for NaN and infinities
 */
export function quantizeMultiplier(real: number): QuantizedMultiplier {
  if (real === 0) return { multiplier: 0, shift: 0 };
  const { fraction, exponent } = frexp(real);
  let multiplier = roundHalfAway(fraction * 2 ** 31);
  let shift = exponent;
  if (multiplier === 2 ** 31) {
    multiplier = 2 ** 30;
    shift++;
  }
  return shift < -31 ? { multiplier: 0, shift: 0 } : { multiplier, shift };
}

/**
 * A multiplier with a division by `count` in it, as far as 32 bits hold it. (TFLM kernels/internal/reference/reduce.h,
 * QuantizedMeanOrSum: it cuts, where rounding would be nearer)
 * @param count 1 to 2^31 - 1
 */
export function meanMultiplier({ multiplier, shift }: QuantizedMultiplier, count: number): QuantizedMultiplier {
  const by = Math.min(31 - Math.clz32(count), 31 + shift);
  return { multiplier: Number((BigInt(multiplier) << BigInt(by)) / BigInt(count)), shift: shift - by };
}
