import t from 'tap';
import { seededIntegers } from '../reference/fixtures/random.ts';
import { OTHER_ROUNDINGS, type OtherRounding } from './other-roundings.ts';
import { quantizeMultiplier } from './multiplier.ts';

/** Nearest integer of a / b (b > 0) by a rule for what lies between; in exact integers. */
type Rule = (below: bigint, twiceRest: bigint, b: bigint, isNegative: boolean) => bigint;
const divide = (a: bigint, b: bigint, rule: Rule): bigint => {
  const below = a >= 0n ? a / b : -((-a + b - 1n) / b);
  return rule(below, 2n * (a - below * b), b, a < 0n);
};
const down: Rule = (below) => below;
const toZero: Rule = (below, rest, _b, isNegative) => (isNegative && rest > 0n ? below + 1n : below);
const up: Rule = (below, rest, b) => (rest >= b ? below + 1n : below);
const away: Rule = (below, rest, b, isNegative) => (rest > b || (rest === b && !isNegative) ? below + 1n : below);
const even: Rule = (below, rest, b) => (rest > b || (rest === b && below % 2n !== 0n) ? below + 1n : below);

const two = (n: number): bigint => 1n << BigInt(n);
const once = (rule: Rule) => (x: bigint, m: bigint, shift: number): bigint => divide(x * m, two(31 - shift), rule);
const twice = (first: Rule, second: Rule) => (x: bigint, m: bigint, shift: number): bigint => divide(divide(shift > 0 ? x * two(shift) * m : x * m, two(31), first), two(Math.max(-shift, 0)), second);
const upper = (m: bigint): bigint => (m < 0x7fff0000n ? (m + 0x8000n) / 0x10000n : 0x7fffn);

const DEFINED: Readonly<Partial<Record<OtherRounding, (x: bigint, m: bigint, shift: number) => bigint>>> = {
  even: once(even), away: once(away), floor: once(down), 'toward-zero': once(toZero),
  'double-even': twice(up, even), 'double-floor': twice(up, down), 'double-toward-zero': twice(up, toZero), 'cut-then-rounded': twice(down, away),
  'single-16': (x, m, shift) => divide(x * upper(m), two(15 - shift), up),
  'single-cut-16': (x, m, shift) => divide(x * (m / 0x10000n), two(15 - shift), up),
  'double-16': (x, m, shift) => twice(up, away)(x, upper(m) * 0x10000n, shift),
};

t.test('each formula is its definition in exact integers', async (t) => {
  const next = seededIntegers(9);
  for (const [name, defined] of Object.entries(DEFINED) as [OtherRounding, (x: bigint, m: bigint, shift: number) => bigint][]) {
    const wrong: string[] = [];
    for (let k = 0; k < 3000; k++) {
      // Powers of two make ties; small sums make results that fit an int32 for shifts to the left too.
      const real = k % 3 === 0 ? 2 ** -next(1, 12) : k % 3 === 1 ? next(1, 1_000_000) / 2 ** 24 : next(1, 4000) / 1000;
      const { multiplier, shift } = quantizeMultiplier(real);
      const x = next(-200_000, 200_000);
      if (BigInt(OTHER_ROUNDINGS[name](x, multiplier, shift)) !== defined(BigInt(x), BigInt(multiplier), shift)) wrong.push(`${x} ${multiplier} ${shift}`);
    }
    t.same(wrong.slice(0, 3), [], name);
  }
});

t.test('float32: the product is rounded before it becomes a whole number', async (t) => {
  const { multiplier, shift } = quantizeMultiplier(0.5);
  t.same([1, 3, -1, -3].map((x) => OTHER_ROUNDINGS['float32-even'](x, multiplier, shift)), [0, 2, -0, -2]);
  t.same([1, 3, -1, -3].map((x) => OTHER_ROUNDINGS['float32-away'](x, multiplier, shift)), [1, 2, -1, -2]);
  t.same([1, 3, -1, -3].map((x) => OTHER_ROUNDINGS['float32-up'](x, multiplier, shift)), [1, 2, 0, -1]);
  t.same([1, 3, -1, -3].map((x) => OTHER_ROUNDINGS['float32-toward-zero'](x, multiplier, shift)), [0, 1, -0, -1]);
  const fine = quantizeMultiplier(0.5 + 2 ** -27);
  t.equal(OTHER_ROUNDINGS['float32-away'](1, fine.multiplier, fine.shift), 1, 'a factor just above a half');
  t.equal(OTHER_ROUNDINGS['float32-even'](1, fine.multiplier, fine.shift), 0, 'is a half in float32');
});
