/** sin and cos in float32 arithmetic, operation by operation as firmware/kernels/nn_float_trigonometric.h does them. */
const f = Math.fround;

/** 2 / pi in binary: 224 bits after the point. */
const TWO_OVER_PI = 0xa2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abn;
const TWO_OVER_PI_BITS = 224n;
/** pi / 2 with 31 bits after the point. */
const HALF_PI = 0xc90fdaa2n;
const QUARTER_PI = f(0.785398185);

/** (sin r - r) / r^3 and (cos r - 1 + r^2 / 2) / r^4 in z = r^2 over |r| <= pi / 4, both to 2^-28: minimax fits. */
const [S0, S1, S2] = [f(-0.16666655), f(0.00833219), f(-0.00019518408)] as const;
const [C0, C1, C2] = [f(0.041666646), f(-0.0013887301), f(0.000024430661)] as const;

const bits = new DataView(new ArrayBuffer(4));

/** |x| = quadrant * pi / 2 + rest, quadrant modulo 4, |rest| <= pi / 4 as the nearest float32. */
function reduce(magnitude: number): { quadrant: number; rest: number } {
  if (magnitude <= QUARTER_PI) return { quadrant: 0, rest: magnitude };
  bits.setFloat32(0, magnitude);
  const word = bits.getUint32(0);
  const mantissa = BigInt((word & 0x7fffff) | 0x800000);
  const exponent = (word >>> 23) - 150;
  // 96 bits of 2^exponent * 2 / pi, the first of weight 2: what is above adds whole turns only.
  const drop = TWO_OVER_PI_BITS - 94n - BigInt(exponent);
  const window = BigInt.asUintN(96, drop >= 0n ? TWO_OVER_PI >> drop : TWO_OVER_PI << -drop);
  const turns = BigInt.asUintN(96, mantissa * window) >> 32n; // 64 bits, the first of weight 2
  const fraction = BigInt.asIntN(64, turns << 2n); // of a quadrant, to the nearest one
  const quadrant = (Number(turns >> 62n) + (fraction < 0n ? 1 : 0)) & 3;
  return { quadrant, rest: angle(fraction) };
}

/** fraction / 2^64 * pi / 2, rounded to 24 bits in integers. */
function angle(fraction: bigint): number {
  if (fraction === 0n) return 0;
  const magnitude = fraction < 0n ? -fraction : fraction;
  const zeros = 64 - magnitude.toString(2).length;
  const product = ((magnitude << BigInt(zeros)) >> 32n) * HALF_PI; // in [2^62, 2^64)
  const shift = product >= 1n << 63n ? 40n : 39n;
  const rounded = Number((product + (1n << (shift - 1n))) >> shift);
  const value = rounded * 2 ** (Number(shift) - 63 - zeros);
  return fraction < 0n ? -value : value;
}

function sine(r: number): number {
  const z = f(r * r);
  return f(r + f(f(r * z) * f(S0 + f(z * f(S1 + f(z * S2))))));
}

function cosine(r: number): number {
  const z = f(r * r);
  return f(1 - f(f(0.5 * z) - f(f(z * z) * f(C0 + f(z * f(C1 + f(z * C2)))))));
}

/** sin of any finite x; NaN for infinities. */
export function sin32(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  const { quadrant, rest } = reduce(Math.abs(x));
  const value = (quadrant & 1) === 0 ? sine(rest) : cosine(rest);
  return quadrant >= 2 !== x < 0 ? -value : value;
}

/** cos of any finite x; NaN for infinities. */
export function cos32(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  const { quadrant, rest } = reduce(Math.abs(x));
  const value = (quadrant & 1) === 0 ? cosine(rest) : sine(rest);
  return quadrant === 1 || quadrant === 2 ? -value : value;
}
