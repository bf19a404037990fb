/**
 * exp and its relatives in float32 arithmetic, operation by operation as firmware/kernels/nn_float_exp.h does them, so that a host
 * and every core get the same bits. Errors are bounded in float32.test.ts.
 */
const f = Math.fround;

/** Above, exp is infinite; below, it rounds to 0. */
const GREATEST = f(88.7228317);
const LEAST = f(-103.972084);
const LOG2_E = f(1.44269504);
/** ln 2 in 16 bits, whose products with an exponent are exact, and what is left of it. */
const LN2_HIGH = 0.693145751953125;
const LN2_LOW = f(1.42860677e-6);
const HALF_LN2 = f(0.34657359);
/** (e^r - 1 - r) / r^2 over |r| <= ln(2) / 2 to 2^-28 of e^r: a minimax fit. */
const [Q0, Q1, Q2, Q3, Q4] = [0.5, f(0.1666652), f(0.041666385), f(0.008368849), f(0.0013942216)] as const;

const tail = (r: number): number => f(f(r * r) * f(Q0 + f(r * f(Q1 + f(r * f(Q2 + f(r * f(Q3 + f(r * Q4)))))))));

/** e^x. NaN is passed on. */
export function exp32(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > GREATEST) return Infinity;
  if (x < LEAST) return 0;
  const n = Math.trunc(f(f(x * LOG2_E) + (x < 0 ? -0.5 : 0.5)));
  const high = f(x - f(n * LN2_HIGH)); // exact
  const low = f(n * LN2_LOW);
  const scaled = f(1 + f(high + f(tail(f(high - low)) - low)));
  return f(scaled * 2 ** n);
}

/** e^x - 1 for x <= 0, without cancellation near 0. */
export function expm1OfNegative32(x: number): number {
  return x > -HALF_LN2 ? f(x + tail(x)) : f(exp32(x) - 1);
}

/** 1 / (1 + e^-x) with the two shortcuts that TFLM takes. (kernels/internal/reference/logistic.h) */
export function logistic32(x: number): number {
  if (x > f(16.619047164916992)) return 1;
  return x < -9 ? exp32(x) : f(1 / f(1 + exp32(-x)));
}

/** (tanh x - x) / x^3 in z = x^2 over |x| <= 0.625 to 2^-27 of x: a minimax fit. */
const [T0, T1, T2, T3, T4] = [f(-0.33333284), f(0.13331483), f(-0.053742774), f(0.020648062), f(-0.0057140635)] as const;

export function tanh32(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude <= 0.625) {
    const z = f(x * x);
    return f(x + f(f(x * z) * f(T0 + f(z * f(T1 + f(z * f(T2 + f(z * f(T3 + f(z * T4))))))))));
  }
  if (Number.isNaN(x)) return x;
  // Above 9 the result rounds to 1.
  const value = magnitude > 10 ? 1 : f(1 - f(2 / f(exp32(f(magnitude + magnitude)) + 1)));
  return x < 0 ? -value : value;
}
