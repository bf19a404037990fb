import fc from 'fast-check';
import t from 'tap';
import { rdbp, saturatingShiftLeft, srdhm } from './fixed-point.ts';
import { frexp, quantizeMultiplier, roundHalfAway } from './multiplier.ts';
import { requantiseDouble, requantiseFloatRound, requantiseNeonDouble, requantiseSingle, requantiseWide, requantiseXnnFp32 } from './requantise.ts';

const MIN = -(2 ** 31);
const MAX = 2 ** 31 - 1;
/** int32 with the corners that carry and sign mistakes show at. */
const int32 = fc.oneof(fc.integer({ min: MIN, max: MAX }), fc.constantFrom(MIN, MIN + 1, -65537, -65536, -65535, -1, 0, 1, 65535, 65536, 2 ** 30, 2 ** 30 - 1, MAX - 1, MAX));
const runs = { numRuns: 50_000, seed: 1 };

/** The definitions, in exact integers. */
const floorDiv = (a: bigint, b: bigint): bigint => (a % b !== 0n && a < 0n !== b < 0n ? a / b - 1n : a / b);
const exactSrdhm = (a: number, b: number): number => {
  const value = floorDiv(BigInt(a) * BigInt(b) + (1n << 30n), 1n << 31n);
  return Number(value > BigInt(MAX) ? BigInt(MAX) : value);
};
const exactRdbp = (x: number, n: number): number => {
  const magnitude = (BigInt(Math.abs(x)) + (n === 0 ? 0n : 1n << BigInt(n - 1))) >> BigInt(n);
  return Number(x < 0 ? -magnitude : magnitude);
};

t.test('srdhm equals its definition over all of int32', async (t) => {
  fc.assert(fc.property(int32, int32, (a, b) => srdhm(a, b) === exactSrdhm(a, b)), runs);
  t.equal(srdhm(MIN, MIN), MAX);
  t.equal(srdhm(1, 2 ** 30), 1, 'a tie goes up');
  t.equal(srdhm(-1, 2 ** 30), 0, 'also below zero');
});

t.test('rdbp equals round half away, for every shift', async (t) => {
  fc.assert(fc.property(int32, fc.integer({ min: 0, max: 31 }), (x, n) => rdbp(x, n) === exactRdbp(x, n)), runs);
  fc.assert(fc.property(fc.integer({ min: -100, max: 100 }), fc.integer({ min: 1, max: 20 }), (k, n) => {
    const tie = k * 2 ** n + 2 ** (n - 1);
    return rdbp(tie, n) === exactRdbp(tie, n);
  }), runs);
  t.equal(rdbp(-3, 1), -2);
  t.equal(rdbp(3, 1), 2);
});

t.test('requantising composes the two, with a left shift first', async (t) => {
  const multiplier = fc.oneof(fc.integer({ min: 2 ** 30, max: MAX }), fc.constant(0));
  fc.assert(fc.property(int32, multiplier, fc.integer({ min: -31, max: 8 }), (x, m, shift) => {
    const value = shift > 0 ? Math.trunc(x / 2 ** shift) : x;
    return requantiseDouble(value, m, shift) === exactRdbp(exactSrdhm(value * 2 ** Math.max(shift, 0), m), Math.max(-shift, 0));
  }), runs);
  t.equal(requantiseDouble(-6, 2 ** 30, -1), -2, '-1.5: SRDHM gives -3, then away from zero');
});

t.test('saturating shift', async (t) => {
  t.equal(saturatingShiftLeft(2 ** 29, 2), MAX);
  t.equal(saturatingShiftLeft(-(2 ** 30), 2), MIN);
  t.equal(saturatingShiftLeft(-5, 3), -40);
});

t.test('frexp takes every finite double apart', async (t) => {
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
    const { fraction, exponent } = frexp(x);
    // In two steps: 2 ** exponent alone leaves the range of doubles for subnormal numbers.
    const half = Math.trunc(exponent / 2);
    return fraction * 2 ** half * 2 ** (exponent - half) === x && (x === 0 || (Math.abs(fraction) >= 0.5 && Math.abs(fraction) < 1));
  }), runs);
  t.throws(() => frexp(Number.NaN), RangeError);
  t.throws(() => quantizeMultiplier(Infinity), RangeError);
});

t.test('quantizeMultiplier: 31 bits, rounded half away, tiny ones flushed', async (t) => {
  t.same(quantizeMultiplier(0), { multiplier: 0, shift: 0 });
  t.same(quantizeMultiplier(1), { multiplier: 2 ** 30, shift: 1 });
  t.same(quantizeMultiplier(0.5), { multiplier: 2 ** 30, shift: 0 });
  t.same(quantizeMultiplier(1 - 2 ** -40), { multiplier: 2 ** 30, shift: 1 }, 'rounding up to 2^31 moves the exponent');
  t.same(quantizeMultiplier(0.5 + 2 ** -32), { multiplier: 2 ** 30 + 1, shift: 0 }, 'a tie goes away from zero');
  t.same(quantizeMultiplier(2 ** -32), { multiplier: 2 ** 30, shift: -31 });
  t.same(quantizeMultiplier(2 ** -33), { multiplier: 0, shift: 0 });
  fc.assert(fc.property(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), (real) => {
    const { multiplier, shift } = quantizeMultiplier(real);
    return Math.abs(multiplier * 2 ** (shift - 31) / real - 1) <= 2 ** -31 && multiplier >= 2 ** 30 && multiplier < 2 ** 31;
  }), runs);
});

t.test('roundHalfAway is C round()', async (t) => {
  t.same([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 0.49999999999999994, -0.2].map(roundHalfAway), [-3, -2, -1, 1, 2, 3, 0, -0]);
});

t.test('the other formulas equal their definitions', async (t) => {
  const multiplier = fc.integer({ min: 2 ** 30, max: MAX });
  const shift = fc.integer({ min: -31, max: 0 });
  const round = (product: bigint, n: number): bigint => floorDiv(product + (1n << BigInt(n - 1)), 1n << BigInt(n));
  fc.assert(fc.property(int32, multiplier, shift, (x, m, e) => requantiseSingle(x, m, e) === Number(round(BigInt(x) * BigInt(m), 31 - e))), runs);
  fc.assert(fc.property(int32, multiplier, shift, (x, m, e) => {
    const high = BigInt(exactSrdhm(x, m));
    return requantiseNeonDouble(x, m, e) === Number(e === 0 ? high : round(high, -e));
  }), runs);
  const wide = fc.oneof(fc.integer({ min: -(2 ** 47), max: 2 ** 47 - 1 }), fc.constantFrom(-(2 ** 47), 2 ** 47 - 1, -1, 0, 1, 2 ** 22, -(2 ** 22), 2 ** 22 - 1));
  const ends = fc.oneof(multiplier, fc.constantFrom(0x7fff0000, 0x7ffeffff, 0x7fffffff));
  fc.assert(fc.property(wide, ends, fc.integer({ min: -31, max: 7 }), (x, m, e) => {
    const reduced = m < 0x7fff0000 ? (BigInt(m) + 0x8000n) >> 16n : 0x7fffn;
    // Beyond 2^53 the C code's own result is no int32 either.
    const exact = round(BigInt(x) * reduced, 15 - e);
    return exact > 2n ** 53n || exact < -(2n ** 53n) || requantiseWide(x, m, e) === Number(BigInt.asIntN(32, exact));
  }), { ...runs, numRuns: 100_000 });
  t.same([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5].map((x) => requantiseXnnFp32(x * 2, 0.5)), [-2, -2, -0, 0, 2, 2], 'ties to even');
  t.same([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5].map((x) => requantiseFloatRound(x * 2, 0.5)), [-3, -2, -1, 1, 2, 3], 'ties away from zero');
  t.same([-3, 3].map((x) => requantiseNeonDouble(x, 2 ** 30, -1)), [0, 1], '-1.5 is rounded to -1 and that, halved, upwards to 0; 1.5 to 2 to 1');
});
