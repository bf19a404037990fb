import t, { type Test } from 'tap';
import { ErrorSum, meetsLimits, type MetricKind } from './metrics.ts';

const KINDS = ['rmse', 'mae', 'max-abs', 'l2r', 'cosine', 'nse', 'top-1'] as const satisfies readonly MetricKind[];

function sumOf(output: readonly number[], wanted: readonly number[], row = output.length): ErrorSum {
  const sum = new ErrorSum('reference');
  sum.addSample(output, wanted, row);
  return sum;
}
const close = (t: Test, got: number, wanted: number, what: string): void => { t.ok(Math.abs(got - wanted) < 1e-12, `${what}: ${got}, by hand ${wanted}`); };

t.test('hand-computed', async (t) => {
  const sum = new ErrorSum();
  for (const [output, truth] of [[1, 0], [0, 2], [5, 5]] as const) sum.addSample([output], [truth], 1);
  t.equal(sum.value('rmse'), Math.sqrt(5 / 3));
  t.equal(sum.value('mae'), 1);
  t.equal(sum.value('max-abs'), 2);
  // P = [1, 0, 5], R = [0, 2, 5]: |P - R| = sqrt 5, |P| = sqrt 26, |R| = sqrt 29, R.P = 25, var R = 38 / 6.
  const eps = 2 ** -23;
  close(t, sum.value('l2r'), Math.sqrt(5) / (Math.sqrt(26) + eps), 'l2r divides by the norm of the output, not of the reference');
  close(t, sum.value('cosine'), 25 / (Math.sqrt(26 * 29) + eps), 'cosine');
  close(t, sum.value('nse'), 1 - (5 / 3) / (38 / 6 + eps), 'nse with n - 1 in the variance');
});

t.test('top-1: rows, and the first of equal values', async (t) => {
  t.equal(sumOf([1, 3, 2, 9, 0, 9], [0, 7, 1, 0, 0, 1], 3).value('top-1'), 0.5, 'index 1 and 1; 0 and 2');
  t.equal(sumOf([5, 5, 1], [7, 7, 0]).value('top-1'), 1, 'ties on both sides');
  t.equal(sumOf([5, 5, 1], [6, 7, 0]).value('top-1'), 0);
  t.equal(sumOf([Number.NaN, 1], [0, 1]).value('top-1'), 0, 'NaN agrees with nothing');
  t.equal(sumOf([Number.NaN, 1], [Number.NaN, 1]).value('top-1'), 0);
  t.equal(sumOf([-Infinity, -Infinity], [-1, -2]).value('top-1'), 1);
});

t.test('equal outputs are perfect', async (t) => {
  const sum = sumOf([1, -2, 3.5], [1, -2, 3.5]);
  t.same(KINDS.map((kind) => sum.value(kind)), [0, 0, 0, 0, 1, 1, 1]);
  t.equal(sumOf([1, 1.000001], [1, 1]).value('cosine'), 1, 'snapped to 1');
  t.ok(sumOf([1, 1.02], [1, 1]).value('cosine') < 1);
});

t.test('as wrong as int8 can be: nothing wraps', async (t) => {
  // A peer's mean square of all 127 against all -128, in int8, is 1.
  const codes = [Int8Array.of(127, 127, 127, 127), Int8Array.of(-128, -128, -128, -128)] as const;
  const sum = new ErrorSum('reference');
  sum.addSample(codes[0], codes[1], 4);
  t.same([sum.value('rmse'), sum.value('mae'), sum.value('max-abs')], [255, 255, 255]);
  t.equal(sum.value('cosine') < -0.99, true);
  t.ok(sum.value('nse') < -1e9);
  t.equal(sum.value('top-1'), 1, 'which is why top-1 alone says little');
});

t.test('nothing compared satisfies no limit', async (t) => {
  for (const kind of KINDS) {
    const value = new ErrorSum().value(kind);
    t.notOk(meetsLimits(value, 1e9, null) || meetsLimits(value, null, -1e9) || meetsLimits(value, null, null), kind);
  }
});

t.test('a NaN output spoils every metric', async (t) => {
  const sum = sumOf([0, 1, Number.NaN, 1], [0, 1, 0, 1], 2);
  for (const kind of KINDS) t.notOk(meetsLimits(sum.value(kind), 1e9, null) && meetsLimits(sum.value(kind), null, 0.9), kind);
  t.equal(sum.value('top-1'), 0.5);
});

t.test('what says nothing is no number, or bad', async (t) => {
  t.ok(Number.isNaN(sumOf([1], [1]).value('nse')), 'no variance of one value');
  t.equal(sumOf([0, 0], [0, 0]).value('cosine'), 0, 'no direction');
});

t.test('limits', async (t) => {
  t.ok(meetsLimits(1, 1, null) && meetsLimits(1, null, 1) && meetsLimits(1, null, null));
  t.notOk(meetsLimits(1.1, 1, null) || meetsLimits(0.9, null, 1) || meetsLimits(Infinity, null, null) || meetsLimits(2, 3, 2.5));
});

t.test('what cannot be compared is refused', async (t) => {
  t.throws(() => new ErrorSum().addSample([0], [Number.NaN], 1), { message: /a truth value is NaN/ });
  t.ok(Number.isNaN(sumOf([0], [Number.NaN]).value('rmse')), 'of the reference it is a value that meets no limit');
  t.throws(() => new ErrorSum().addSample([0, 1], [0], 1), RangeError);
  t.throws(() => new ErrorSum().addSample([0, 1], [0, 1], 3), RangeError);
});
