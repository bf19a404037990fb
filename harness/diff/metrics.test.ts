import t from 'tap';
import { ErrorSum } from './metrics.ts';

t.test('hand-computed', async (t) => {
  const sum = new ErrorSum();
  for (const [output, truth] of [[1, 0], [0, 2], [5, 5]] as const) sum.add(output, truth);
  t.equal(sum.value('rmse'), Math.sqrt(5 / 3));
  t.equal(sum.value('mae'), 1);
  t.equal(sum.value('max-abs'), 2);
});

t.test('nothing compared satisfies no limit', async (t) => {
  const value = new ErrorSum().value('rmse');
  t.notOk(value <= 1e9);
});

t.test('a NaN output spoils every metric', async (t) => {
  const sum = new ErrorSum();
  sum.add(0, 0);
  sum.add(Number.NaN, 0);
  for (const kind of ['rmse', 'mae', 'max-abs'] as const) t.notOk(sum.value(kind) <= 1e9, kind);
});

t.test('a truth that is no number is refused', async (t) => {
  t.throws(() => new ErrorSum().add(0, Number.NaN), { message: /a truth value is NaN/ });
});
