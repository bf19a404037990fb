import fc from 'fast-check';
import t from 'tap';
import { parseModel } from '../../model/index.ts';
import { writeModel } from '../../model/writer/index.ts';
import { prepareReference, type TensorData } from '../../reference/index.ts';
import type { LayerEvidence, LayerSample } from '../evidence.ts';
import { wrongEvidence } from './testing/wrong-evidence.ts';
import { whereWrong, type Where } from './where.ts';

t.test('nothing wrong is nowhere', async (t) => {
  t.equal(whereWrong(wrongEvidence({ shape: [1, 4], got: (e) => e })), null);
  t.equal(whereWrong({ ...wrongEvidence({ shape: [1, 4], got: (e) => e + 1 }), samples: [] }), null);
  t.equal(whereWrong({ ...wrongEvidence({ shape: [1, 4], got: (e) => e + 1 }), tensors: [] }), null);
});

t.test('first, worst, histogram and map, counted by hand', async (t) => {
  const where = whereWrong(wrongEvidence({ shape: [1, 2, 3, 4], expected: (i) => i, samples: 2, firstStep: 5, got: (e, [, y, x, c], _i, k) => (y === 1 && x === 2 && c! > 1 ? e - 2 * c! - k : e) }))!;
  t.match(where, {
    tensor: 0, shape: [1, 2, 3, 4], samples: 2, wrong: 4, histogram: { '-4': 1, '-5': 1, '-6': 1, '-7': 1 }, atTies: null,
    first: { sequence: 's', sample: 5, step: 5, index: [0, 1, 2, 2], expected: 22, got: 18, accumulator: null },
    worst: { sequence: 's', sample: 6, step: 6, index: [0, 1, 2, 3], expected: 23, got: 16 },
  });
  t.same(where.map, { rows: 2, columns: 3, channels: 4, binned: [1, 1, 1], plane: [[0, 0, 0], [0, 0, 4]], perChannel: [0, 0, 2, 2] });
});

t.test('the tensor with the most wrong elements is the one that is told of', async (t) => {
  const [few, many] = [wrongEvidence({ shape: [3], got: (e, _at, i) => e + Number(i === 0) }), wrongEvidence({ shape: [3], got: (e) => e + 1 })];
  const graph = few.model.subgraphs[0]!;
  const both = (key: 'got' | 'expected'): ReadonlyMap<number, TensorData> => new Map([[0, few.samples[0]![key].get(0)!], [1, many.samples[0]![key].get(0)!]]);
  const where = whereWrong({
    ...few, model: { ...few.model, subgraphs: [{ ...graph, tensors: [graph.tensors[0]!, { ...graph.tensors[0]!, index: 1 }] }] },
    tensors: [{ tensor: 0, role: 'output' }, { tensor: 1, role: 'state' }], samples: [{ ...few.samples[0]!, got: both('got'), expected: both('expected') }],
  });
  t.match(where, { tensor: 1, wrong: 3 });
});

t.test('a large map is binned, and loses no element', async (t) => {
  const where = whereWrong(wrongEvidence({ shape: [1, 200, 65, 3], got: (e, [, y, x]) => (y === 199 || x === 64 ? e + 1 : e) }))!;
  t.match(where.map, { rows: 200, columns: 65, channels: 3, binned: [4, 2, 1] });
  t.same([where.map.plane.length, where.map.plane[0]!.length], [50, 33]);
  t.equal(where.map.plane[49]![32], (65 - 1 - 63 + 4 - 1) * 3, 'the last bin: three elements of the column and one of the row');
  t.equal(where.map.plane.flat().reduce((a, b) => a + b), where.wrong);
  t.same(where.pattern[0], 'only the borders, 50 % of their elements');
});

t.test('more differences than bins', async (t) => {
  const where = whereWrong(wrongEvidence({ shape: [1, 400], dtype: 'int16', got: (e, _at, i) => e + 1 + (i < 100 ? i : 500) }))!;
  t.equal(Object.keys(where.histogram).length, 64);
  t.equal(where.histogram['501'], 300, 'the most frequent is kept');
  t.equal(Object.values(where.histogram).reduce((a, b) => a + b), 400);
});

t.test('values that are no plain numbers', async (t) => {
  const nan = whereWrong(wrongEvidence({ shape: [1, 4], dtype: 'float32', got: (e, _at, i) => (i === 1 ? Infinity : i === 2 ? Number.NaN : e) }))!;
  t.same([nan.worst.got, nan.first.got, nan.wrong], [Number.NaN, Infinity, 2]);
  const zero = whereWrong(wrongEvidence({ shape: [4], dtype: 'float32', expected: () => 0, got: () => -0 }))!;
  t.same([zero.wrong, zero.histogram], [4, { 0: 4 }]);
  const wide = whereWrong(wrongEvidence({ shape: [1, 4], dtype: 'int64', expected: () => 2 ** 60, got: (e, _at, i) => e + (i === 3 ? 256 : 0) }))!;
  t.match(wide, { wrong: 1, histogram: { 256: 1 }, worst: { index: [0, 3] } });
});

/** A dense layer of one weight a channel, so that accumulators are the input's codes times it. */
function denseEvidence(input: readonly number[], weight: number, bias: number, scale: number, got: (expected: number, i: number) => number): LayerEvidence {
  const model = parseModel(writeModel({
    tensors: [
      { name: 'x', dtype: 'int8', shape: [input.length, 1], quantisation: { scale: 0.5, zeroPoint: 3 } }, { name: 'w', dtype: 'int8', shape: [2, 1], quantisation: { scale: 0.25 }, data: [weight, 1] },
      { name: 'b', dtype: 'int32', shape: [2], data: [bias, bias] }, { name: 'y', dtype: 'int8', shape: [input.length, 2], quantisation: { scale, zeroPoint: -1 } },
    ],
    operators: [{ op: 'FULLY_CONNECTED', inputs: ['x', 'w', 'b'], outputs: ['y'] }], inputs: ['x'], outputs: ['y'],
  }));
  const runner = prepareReference(model);
  (runner.tensors[0] as Int8Array).set(input);
  runner.invoke();
  const expected = runner.tensors[3] as Int8Array;
  const sample: LayerSample = { at: { sequence: 's', sample: 0, step: 0 }, inputs: new Map([[0, Int8Array.from(input)]]), expected: new Map([[3, expected]]), got: new Map([[3, expected.map(got)]]), earlier: [], others: new Map() };
  return { model, profile: 'tflm', layer: { index: 0, op: 'FULLY_CONNECTED', covers: [0] }, tensors: [{ tensor: 3, role: 'output' }], samples: [sample], clean: [], poison: null };
}

t.test('accumulators, and those at ties', async (t) => {
  // 0.5 * 0.25 / 2 = 1/16, which is 2^30 / 2^31 * 2^-3: an accumulator of 16 n + 8 is a tie, and half a unit, 1/16, away from one are 7 and 9.
  const all = whereWrong(denseEvidence([5, 6, 7, 8, 9], 1, 5, 2, (e) => e + 1))!;
  t.match(all, { first: { index: [0, 0], accumulator: 7 }, wrong: 10, atTies: 6 }, '7, 8 and 9 of 7..11, in both channels');
  t.equal(whereWrong(denseEvidence([8, 9], 1, 5, 2, (e) => e + 1))!.atTies, 0);
  t.equal(whereWrong({ ...denseEvidence([6], 1, 5, 2, (e) => e + 1), layer: { index: 0, op: 'ADD', covers: [] } })!.atTies, null, 'no such operator');
  t.equal(whereWrong(denseEvidence([5, 6], 3, 100, 0.5, (e, i) => (i === 2 ? e + 9 : e)))!.worst.accumulator, 3 * (6 - 3) + 100);
});

t.test('any values at all: never throws, and its numbers agree with each other', async (t) => {
  let patterns = 0;
  const double = fc.oneof(fc.integer({ min: -300, max: 300 }), fc.constantFrom(Number.NaN, Infinity, -Infinity, -0), fc.double());
  fc.assert(fc.property(
    fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 5 }), fc.constantFrom('int8', 'float32', 'int64' as const), fc.array(double, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 3 }),
    (shape, dtype, values, rarity, samples) => {
      const whole = (value: number): number => (dtype === 'int64' ? Math.trunc(Number.isFinite(value) && Math.abs(value) < 2 ** 63 ? value : 7) : value);
      const evidence = wrongEvidence({ shape, dtype: dtype as 'int8', samples, cleanSteps: [0], firstStep: 1, got: (e, _at, i, k) => ((i * 13 + k * 5) % rarity === 0 ? whole(values[i % values.length]!) : e) });
      const where = whereWrong(evidence);
      const wrong = evidence.samples.reduce((sum, { got, expected }) => sum + [...(got.get(0) as Int8Array)].filter((value, i) => !Object.is(value, expected.get(0)![i])).length, 0);
      if (where === null) return wrong === 0;
      patterns += where.pattern.length;
      const total = (counts: Iterable<number>): number => [...counts].reduce((a, b) => a + b, 0);
      return where.wrong === wrong && total(Object.values(where.histogram)) === wrong && total(where.map.plane.flat()) === wrong && total(where.map.perChannel) === wrong
        && inside(where) && where.pattern.every((words) => words.length < 200);
    }), { numRuns: 1500, seed: 11 });
  t.ok(patterns > 0);
});

function inside({ shape, first, worst }: Where): boolean {
  return [first, worst].every(({ index }) => index.length === shape.length && index.every((i, axis) => i >= 0 && i < shape[axis]!));
}

t.test('a large tensor takes no more than a moment', async (t) => {
  const evidence = wrongEvidence({ shape: [1, 96, 96, 64], samples: 2, got: (e, [, y, x]) => (x! > 90 && (y! + x!) % 3 > 0 ? e + 1 : e) });
  const started = performance.now();
  const where = whereWrong(evidence)!;
  t.ok(performance.now() - started < 3000, `${Math.round(performance.now() - started)} ms`);
  t.equal(where.pattern[0], 'only the last 5 columns, 67 % of their elements');
});
