/** Natural logarithm in float32 arithmetic, operation by operation as firmware/kernels/nn_float_log.h does it. */
const f = Math.fround;

const LN2_HIGH = 0.693145751953125;
const LN2_LOW = f(1.42860677e-6);
/** Bits of sqrt(1/2): mantissas are taken from [sqrt(1/2), sqrt(2)). */
const SQRT_HALF = 0x3f3504f3;
/** (log((1 + s) / (1 - s)) - 2 s) / s^3 in z = s^2 over |s| <= 0.1716 to 2^-30 of s: a minimax fit. */
const [R0, R1, R2] = [f(0.66666776), f(0.39977553), f(0.29872122)] as const;

const bits = new DataView(new ArrayBuffer(4));

/** ln x; -infinity for 0, NaN for negative numbers. */
export function log32(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : Number.NaN;
  if (x === Infinity) return x;
  const isSubnormal = x < 2 ** -126;
  bits.setFloat32(0, isSubnormal ? x * 2 ** 25 : x);
  const above = bits.getInt32(0) - SQRT_HALF;
  const exponent = (above >> 23) - (isSubnormal ? 25 : 0);
  bits.setInt32(0, (above & 0x7fffff) + SQRT_HALF);
  // With s = t / (2 + t): log(1 + t) = t - t^2 / 2 + s (t^2 / 2 + R(s^2)).
  const t = f(bits.getFloat32(0) - 1);
  const s = f(t / f(2 + t));
  const z = f(s * s);
  const series = f(z * f(R0 + f(z * f(R1 + f(z * R2)))));
  const half = f(f(0.5 * t) * t);
  const low = f(f(s * f(half + series)) + f(exponent * LN2_LOW));
  return f(f(exponent * LN2_HIGH) - f(f(half - low) - t));
}
