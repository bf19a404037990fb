import fc from 'fast-check';
import t from 'tap';
import { coordinates, TensorTally } from './tensor-tally.ts';

const at = { sequence: 's', sample: 7, step: 3 };

t.test('equal values', async (t) => {
  const tally = new TensorTally([2, 2]);
  tally.addValues(Int8Array.of(1, 2, 3, 4), Int8Array.of(1, 2, 3, 4), at);
  t.match({ ...tally }, { compared: 4, mismatched: 0, maxAbsDiff: 0, first: null });
  t.same(tally.histogram(), {});
});

t.test('differences: count, largest, histogram, first place', async (t) => {
  const tally = new TensorTally([2, 2]);
  tally.addValues(Int8Array.of(1, 2, 3, 4), Int8Array.of(1, 5, 3, 3), at);
  tally.addValues(Int8Array.of(0, 0, 0, 0), Int8Array.of(3, 0, 0, 0), { ...at, sample: 8, step: 4 });
  t.match({ ...tally }, { compared: 8, mismatched: 3, maxAbsDiff: 3, lowerBound: false });
  t.same(tally.histogram(), { '-1': 1, 3: 2 });
  t.same(tally.first, { ...at, index: [0, 1], expected: 2, got: 5 });
});

t.test('a tolerance forgives up to itself, not more', async (t) => {
  const tally = new TensorTally([3], 1);
  tally.addValues(Int8Array.of(0, 0, 0), Int8Array.of(1, -1, 2), at);
  t.equal(tally.mismatched, 1);
  t.same(tally.first?.index, [2]);
  const forgiven = new TensorTally([2], 3);
  forgiven.addValues(Int8Array.of(0, 0), Int8Array.of(1, -2), at);
  t.same([forgiven.mismatched, forgiven.maxAbsDiff], [0, 2], 'what was forgiven is said');
});

t.test('a budget: what may be forgiven is kept apart, and counts where it is too much', async (t) => {
  const tally = new TensorTally([1, 3], 2);
  tally.addValues(Int8Array.of(0, 0, 0), Int8Array.of(0, 2, 0), { ...at, sample: 4 });
  tally.addValues(Int8Array.of(0, 0, 0), Int8Array.of(-1, 2, 9), { ...at, sample: 5 });
  t.match({ ...tally }, { compared: 6, mismatched: 1, forgiven: 3, maxAbsDiff: 9 });
  t.match(tally.differences(true), { mismatched: 1, histogram: { 9: 1 }, first: { sample: 5, index: [0, 2] } });
  t.match(tally.differences(false), { mismatched: 4, histogram: { '-1': 1, 2: 2, 9: 1 }, first: { sample: 4, index: [0, 1] } });
});

t.test('any size may be forgiven, NaN too; what is not known never', async (t) => {
  const tally = new TensorTally([2], Infinity);
  tally.addValues(Float32Array.of(1, 1), Float32Array.of(NaN, 1e30), at);
  t.match({ ...tally }, { mismatched: 0, forgiven: 2 });
  tally.addUnknown(2);
  t.match([tally.differences(true).mismatched, tally.differences(false).mismatched], [1, 3]);
});

t.test('the same infinity is no difference', async (t) => {
  const tally = new TensorTally([3]);
  tally.addValues(Float32Array.of(Infinity, -Infinity, Infinity), Float32Array.of(Infinity, -Infinity, -Infinity), at);
  t.equal(tally.mismatched, 1);
});

t.test('NaN is a mismatch unless both are', async (t) => {
  const tally = new TensorTally([3], 1000);
  tally.addValues(Float32Array.of(NaN, 1, NaN), Float32Array.of(NaN, NaN, 1), at);
  t.equal(tally.mismatched, 2);
  t.ok(Number.isNaN(tally.maxAbsDiff));
});

t.test('what a number does not tell apart', async (t) => {
  const zeros = new TensorTally([3]);
  zeros.addValues(Float32Array.of(0, -0, -0), Float32Array.of(-0, 0, -0), at);
  t.match({ ...zeros }, { mismatched: 2, maxAbsDiff: 0, first: { index: [0] } }, '0 and -0 are other bits');
  const forgiven = new TensorTally([1], 1);
  forgiven.addValues(Float32Array.of(0), Float32Array.of(-0), at);
  t.equal(forgiven.mismatched, 0, 'within a tolerance');
  const wide = new TensorTally([2]);
  wide.addValues(BigInt64Array.of(2n ** 60n, -(2n ** 63n)), BigInt64Array.of(2n ** 60n + 1n, -(2n ** 63n)), at);
  t.match({ ...wide }, { mismatched: 1, maxAbsDiff: 1 }, 'int64 beyond 2^53');
});

t.test('other lengths never compare', async (t) => {
  t.throws(() => new TensorTally([2]).addValues(Int8Array.of(1, 2), Int8Array.of(1), at), RangeError);
});

t.test('a digest that differs without values is a lower bound', async (t) => {
  const tally = new TensorTally([100]);
  tally.addEqual(100);
  tally.addUnknown(100);
  t.match({ ...tally }, { compared: 200, mismatched: 1, lowerBound: true, byValues: false });
});

t.test('the histogram is bounded and counts all', async (t) => {
  const tally = new TensorTally([200]);
  tally.addValues(new Int16Array(200), Int16Array.from({ length: 200 }, (_, i) => i + 1), at);
  const bins = tally.histogram();
  t.equal(Object.keys(bins).length, 64);
  t.equal(Object.values(bins).reduce((sum, count) => sum + count, 0), 200);
});

t.test('coordinates are row-major', async (t) => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 }), fc.nat(), (shape, seed) => {
    const size = shape.reduce((product, each) => product * each, 1);
    const flat = seed % size;
    const back = coordinates(flat, shape).reduce((sum, index, axis) => sum * (shape[axis] ?? 1) + index, 0);
    return back === flat;
  }));
  t.same(coordinates(0, []), []);
});
