import type { Int16Function } from './activation16.ts';
import { rdbp, sat16 } from './fixed-point.ts';

/**
 * Logistic and tanh of int16 as LiteRT's integer LSTM has them: gemmlowp's functions in 16-bit fixed point, where TFLM interpolates a
 * table. Formulas as in exponential.ts, each operation in 16 bits. (gemmlowp fixedpoint/fixedpoint.h with int16_t as raw type)
 */

/** Constants are given with 32 bits and rounded to the upper 16. */
const upper = (value: number): number => rdbp(value, 16);
const EXP_MINUS_EIGHTH = upper(1895147668);
const THIRD = upper(715827883);
/** e^(-2^k) in Q0.15 for k = -2 ... 4. */
const EXP_MINUS_POWERS: readonly number[] = [1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242].map(upper);
const FORTY_EIGHT_SEVENTEENTHS = upper(1515870810);
const MINUS_THIRTY_TWO_SEVENTEENTHS = upper(-1010580540);
const ONE = 0x7fff;
/** 1 in Q2.13. */
const ONE_Q2 = 0x2000;
/** More integer bits than this leave no room for the quarter that exp() divides by, plus one for tanh's doubling. */
const MOST_INTEGER_BITS = 6;

const wrap16 = (x: number): number => (x << 16) >> 16;
/** Saturating rounding doubling high multiply of int16. */
const high16 = (a: number, b: number): number => sat16((a * b + 0x4000) >> 15);

/** exp(a), Q0.15, of a <= 0 in Q`integerBits`.(15 - integerBits). (exp_on_negative_values) */
function exp16(a: number, integerBits: number): number {
  if (a === 0) return ONE;
  const fractionBits = 15 - integerBits;
  if (integerBits > 5 && a < -(2 ** (5 + fractionBits))) return 0;
  const quarter = 2 ** (fractionBits - 2);
  const reduced = (a & (quarter - 1)) - quarter;
  let result = expNearEighth(sat16(reduced * 2 ** integerBits));
  const rest = wrap16(reduced - a);
  EXP_MINUS_POWERS.forEach((factor, k) => {
    const exponent = k - 2;
    if (integerBits > exponent && ((rest >> (fractionBits + exponent)) & 1) !== 0) result = high16(result, factor);
  });
  return result;
}

/** exp(x) for x in [-1/4, 0), Q0.15. (exp_on_interval_between_negative_one_quarter_and_0_excl) */
function expNearEighth(x: number): number {
  const y = wrap16(x + 0x1000);
  const y2 = high16(y, y);
  const y3 = high16(y2, y);
  const y4 = high16(y2, y2);
  const tail = rdbp(wrap16(high16(wrap16(rdbp(y4, 2) + y3), THIRD) + y2), 1);
  return sat16(EXP_MINUS_EIGHTH + high16(EXP_MINUS_EIGHTH, wrap16(y + tail)));
}

/** 2 / (1 + x), Q2.13, for x in [0, 1) as Q0.15, by three Newton steps. */
function twoOverOnePlusX(x: number): number {
  const half = Math.trunc((x + ONE + 1) / 2);
  let z = wrap16(FORTY_EIGHT_SEVENTEENTHS + high16(half, MINUS_THIRTY_TWO_SEVENTEENTHS));
  for (let step = 0; step < 3; step++) z = wrap16(z + sat16(high16(z, wrap16(ONE_Q2 - high16(half, z))) * 4));
  return z;
}

/** Logistic of a gate: Q3.12 in, Q0.15 out. (gemmlowp logistic; LiteRT portable_tensor_utils.cc, PortableApplySigmoid) */
export function gemmlowpSigmoid16(x: number): number {
  if (x === 0) return 0x4000;
  const positive = sat16(twoOverOnePlusX(exp16(-Math.abs(x), 3)) * 2);
  return x > 0 ? positive : ONE - positive;
}

/**
 * Tanh: Q`integerBits`.(15 - integerBits) in, Q0.15 out. (gemmlowp tanh; LiteRT portable_tensor_utils.cc, PortableApplyTanh)
 * @param integerBits 0 to 6; 3 for gates, 15 + p for a cell state of scale 2^p
 * @throws RangeError for others, which LiteRT leaves uncomputed
 */
export function gemmlowpTanh16(x: number, integerBits: number): number {
  if (!(integerBits >= 0 && integerBits <= MOST_INTEGER_BITS)) throw new RangeError(`tanh of ${integerBits} integer bits`);
  if (x === 0) return 0;
  // Twice the value is the same bits with one integer bit more.
  const magnitude = sat16((twoOverOnePlusX(exp16(-Math.abs(x), integerBits + 1)) - ONE_Q2) * 4);
  return x < 0 ? -magnitude : magnitude;
}

const tabulate = (f: (x: number) => number): Int16Function => Int16Array.from({ length: 65536 }, (_, i) => f(i - 32768));
const tanhTables = new Map<number, Int16Function>();
let sigmoidTable: Int16Function | null = null;

/** gemmlowpSigmoid16 of every int16, built once. */
export function gemmlowpSigmoid16Table(): Int16Function {
  sigmoidTable ??= tabulate(gemmlowpSigmoid16);
  return sigmoidTable;
}

/** gemmlowpTanh16 of every int16, built once for each number of integer bits. @throws RangeError as gemmlowpTanh16 */
export function gemmlowpTanh16Table(integerBits: number): Int16Function {
  const table = tanhTables.get(integerBits) ?? tabulate((x) => gemmlowpTanh16(x, integerBits));
  tanhTables.set(integerBits, table);
  return table;
}
