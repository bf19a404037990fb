import fc from 'fast-check';
import t from 'tap';
import type { DType, Tensor } from '../../../model/graph.ts';
import { CopyTables, mergeAxes, product, runsOf, strides, unitOf, type Axis } from './strided.ts';

const tensor = (shape: readonly number[], dtype: DType = 'int8', data: Uint8Array | null = null): Tensor =>
  ({ index: 0, name: '', dtype, shape, elements: product(shape), quantisation: null, data, isVariable: false });

/** Every pair of places that the loops visit, sorted. */
function places(axes: readonly Axis[]): string[] {
  const pairs = axes.reduce<[number, number][]>((all, { count, from, to }) => all.flatMap(([f, g]) => Array.from({ length: count }, (_, i): [number, number] => [f + i * from, g + i * to])), [[0, 0]]);
  return pairs.map(String).sort();
}

const axis = fc.record({ count: fc.integer({ min: 1, max: 3 }), from: fc.constantFrom(-2, -1, 0, 1, 2, 3, 4), to: fc.constantFrom(1, 2, 3, 4) });

t.test('merged loops visit the same places', async (t) => {
  let fewer = 0;
  fc.assert(fc.property(fc.array(axis, { maxLength: 4 }), (axes) => {
    const merged = mergeAxes(axes);
    if (merged.length < axes.filter(({ count }) => count > 1).length) fewer++;
    return places(merged).join(' ') === places(axes).join(' ');
  }), { numRuns: 1000, seed: 2 });
  t.ok(fewer > 0, `${fewer} were merged`);
  t.not(places([{ count: 2, from: 1, to: 2 }]).join(), places([{ count: 2, from: 2, to: 1 }]).join(), 'the comparison can fail');
});

t.test('a whole tensor is one run, a transpose is none', async (t) => {
  const whole = strides([2, 3, 4]).map((step, i) => ({ count: [2, 3, 4][i] as number, from: step, to: step }));
  t.same(runsOf({ input: tensor([2, 3, 4]), output: tensor([2, 3, 4]), axes: whole }), { axes: [], run: 24, unit: 4 });
  const turned = [{ count: 3, from: 1, to: 5 }, { count: 5, from: 3, to: 1 }];
  t.same(runsOf({ input: tensor([5, 3], 'int16'), output: tensor([3, 5], 'int16'), axes: turned }), { axes: [{ count: 3, from: 2, to: 10 }, { count: 5, from: 6, to: 2 }], run: 2, unit: 2 });
});

t.test('words are copied only where everything is aligned to them', async (t) => {
  const rows = [{ count: 3, from: 8, to: 4 }, { count: 4, from: 1, to: 1 }];
  t.equal(runsOf({ input: tensor([3, 8]), output: tensor([3, 4]), axes: rows }).unit, 4);
  t.equal(runsOf({ input: tensor([3, 8]), output: tensor([3, 4]), axes: rows, from: 2 }).unit, 2, 'a place between two words');
  t.equal(runsOf({ input: tensor([3, 8]), output: tensor([3, 4]), axes: rows }, false, [3]).unit, 1, 'a place that is found at run time');
  t.equal(runsOf({ input: tensor([3, 8], 'int8', new Uint8Array(24)), output: tensor([3, 4]), axes: rows }).unit, 1, 'constants of bytes lie anywhere');
  t.equal(unitOf(16, [6, -8]), 2);
});

t.test('loops are ordered for speed unless the order counts', async (t) => {
  const axes = [{ count: 9, from: 10, to: 1 }, { count: 2, from: 100, to: 9 }];
  const copy = { input: tensor([1000]), output: tensor([18]), axes };
  t.same(runsOf(copy).axes.map(({ count }) => count), [2, 9]);
  t.same(runsOf(copy, true).axes.map(({ count }) => count), [9, 2]);
});

t.test('equal tables are written once', async (t) => {
  const tables = new CopyTables();
  const runs = { axes: [{ count: 2, from: 4, to: 8 }], run: 4, unit: 4 };
  t.equal(tables.copy(runs), tables.copy(runs));
  t.not(tables.copy({ ...runs, run: 8 }), tables.copy(runs));
  t.same(tables.lines, ['static const nn_axis axes_0[1] = {{2, 4, 8}};', 'static const nn_strided_copy copy_0 = {axes_0, 1, 4, 4};', 'static const nn_strided_copy copy_1 = {axes_0, 1, 8, 4};']);
});
