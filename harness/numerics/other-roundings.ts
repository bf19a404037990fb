import { rdbp, srdhm } from './fixed-point.ts';
import { roundHalfAway } from './multiplier.ts';

/**
 * Ways to requantise that no reference has but devices do: what diagnosis compares a device with. Each takes the sum, the 32-bit
 * multiplier and the shift (see QuantizedMultiplier), so that the exact result is x * multiplier / 2^(31 - shift).
 */
type Formula = (x: number, multiplier: number, shift: number) => number;

/** The exact quotient x * multiplier / 2^n, cut to the integer below, and how what was cut compares with a half (-1, 0, 1). */
function exact(x: number, multiplier: number, n: number): { floor: number; rest: -1 | 0 | 1; isWhole: boolean } {
  if (n <= 0) return { floor: x * multiplier * 2 ** -n, rest: -1, isWhole: true };
  const bits = BigInt(n);
  const product = BigInt(x) * BigInt(multiplier);
  const floor = product >> bits;
  const twice = (product - (floor << bits)) * 2n;
  const one = 1n << bits;
  return { floor: Number(floor), rest: twice < one ? -1 : twice > one ? 1 : 0, isWhole: twice === 0n };
}

const even: Formula = (x, multiplier, shift) => {
  const { floor, rest } = exact(x, multiplier, 31 - shift);
  return rest > 0 || (rest === 0 && floor % 2 !== 0) ? floor + 1 : floor;
};

const away: Formula = (x, multiplier, shift) => {
  const { floor, rest } = exact(x, multiplier, 31 - shift);
  return rest > 0 || (rest === 0 && x >= 0) ? floor + 1 : floor;
};

const floor: Formula = (x, multiplier, shift) => exact(x, multiplier, 31 - shift).floor;

const towardZero: Formula = (x, multiplier, shift) => {
  const { floor: below, isWhole } = exact(x, multiplier, 31 - shift);
  return x < 0 && !isWhole ? below + 1 : below;
};

/** The first of the two roundings of `double`. */
const high: Formula = (x, multiplier, shift) => srdhm(shift > 0 ? x << shift : x, multiplier);
const rightOf = (shift: number): number => (shift < 0 ? -shift : 0);

const doubleEven: Formula = (x, multiplier, shift) => {
  const divisor = 2 ** rightOf(shift);
  const value = high(x, multiplier, shift) / divisor;
  const below = Math.floor(value);
  return value - below > 0.5 || (value - below === 0.5 && below % 2 !== 0) ? below + 1 : below;
};

const doubleFloor: Formula = (x, multiplier, shift) => high(x, multiplier, shift) >> rightOf(shift);

const doubleTowardZero: Formula = (x, multiplier, shift) => Math.trunc(high(x, multiplier, shift) / 2 ** rightOf(shift));

const cutThenRounded: Formula = (x, multiplier, shift) => rdbp(exact(shift > 0 ? x << shift : x, multiplier, 31).floor, rightOf(shift));

/** The upper half of the multiplier, rounded and saturated as the kernels for int64 sums do it. */
const upperHalf = (multiplier: number): number => (multiplier < 0x7fff0000 ? (multiplier + 0x8000) >> 16 : 0x7fff);

const up16 = (x: number, multiplier: number, shift: number): number => {
  const { floor: below, rest } = exact(x, multiplier, 15 - shift);
  return rest >= 0 ? below + 1 : below;
};

const double16: Formula = (x, multiplier, shift) => {
  const wide = upperHalf(multiplier) * 0x10000;
  return rdbp(srdhm(shift > 0 ? x << shift : x, wide), rightOf(shift));
};

/** One product in float32, with the factor as near to it as the 32-bit multiplier is. */
const float32Product = (x: number, multiplier: number, shift: number): number => Math.fround(Math.fround(x) * Math.fround(multiplier * 2 ** (shift - 31)));

const float32Even: Formula = (x, multiplier, shift) => {
  const value = float32Product(x, multiplier, shift);
  const below = Math.floor(value);
  return value - below > 0.5 || (value - below === 0.5 && below % 2 !== 0) ? below + 1 : below;
};

/** By name. `double-...` keep the first of two roundings, `...-16` have the upper half of the multiplier alone. */
export const OTHER_ROUNDINGS = {
  even, away, floor, 'toward-zero': towardZero,
  'double-even': doubleEven, 'double-floor': doubleFloor, 'double-toward-zero': doubleTowardZero, 'cut-then-rounded': cutThenRounded,
  'single-16': (x, multiplier, shift) => up16(x, upperHalf(multiplier), shift),
  'single-cut-16': (x, multiplier, shift) => up16(x, multiplier >> 16, shift),
  'double-16': double16,
  'float32-even': float32Even,
  'float32-away': (x, multiplier, shift) => roundHalfAway(float32Product(x, multiplier, shift)),
  'float32-up': (x, multiplier, shift) => Math.floor(Math.fround(float32Product(x, multiplier, shift) + 0.5)),
  'float32-toward-zero': (x, multiplier, shift) => Math.trunc(float32Product(x, multiplier, shift)),
} as const satisfies Record<string, Formula>;

export type OtherRounding = keyof typeof OTHER_ROUNDINGS;
