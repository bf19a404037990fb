import t from 'tap';
import { HilError } from '../errors.ts';
import type { Model } from '../model/index.ts';
import type { TensorData } from '../reference/index.ts';
import { seededIntegers } from '../reference/fixtures/random.ts';
import type { LayerEvidence, LayerSample } from './evidence.ts';
import { explain } from './explain.ts';
import type { Cause } from './hypotheses/causes.ts';
import type { Candidate, Hypothesis } from './hypotheses/hypothesis.ts';

const OUTPUT = 3;
const next = seededIntegers(5);
const codes = (n = 200): Int8Array => Int8Array.from({ length: n }, () => next(-100, 100));

const sampleOf = (expected: Int8Array, got: ArrayLike<number>, sample = 0): LayerSample =>
  ({ at: { sequence: 's', sample, step: sample }, inputs: new Map(), expected: new Map([[OUTPUT, expected]]), got: new Map<number, TensorData>([[OUTPUT, Int16Array.from(got)]]), earlier: [], others: new Map() });

function evidence(samples: readonly LayerSample[], clean: readonly LayerSample[] = []): LayerEvidence {
  return { model: {} as Model, profile: 'tflm', layer: { index: 0, op: 'X', covers: [0] }, tensors: [{ tensor: OUTPUT, role: 'output' }], samples, clean, poison: null };
}

/** One candidate that makes of the expected codes what `f` says. */
const changing = (cause: Cause, f: (code: number, i: number, sample: LayerSample) => number, more: Partial<Candidate> = {}): Hypothesis => ({
  name: cause,
  *candidates() {
    yield { cause, text: 'so', alternatives: 1, predict: (sample) => new Map<number, TensorData>([[OUTPUT, Int32Array.from(sample.expected.get(OUTPUT) as Int8Array, (code, i) => f(code, i, sample))]]), ...more };
  },
});

/** The device doubles every code of three samples. */
const doubled = evidence([0, 1, 2].map((sample) => {
  const expected = codes();
  return sampleOf(expected, expected.map((code) => Math.max(-128, Math.min(127, 2 * code))), sample);
}));
const limit = (code: number): number => Math.max(-128, Math.min(127, code));
const twice = changing('bias.doubled', (code) => limit(2 * code));
const tryOn = (data: LayerEvidence, ...hypotheses: Hypothesis[]): string => explain(data, { hypotheses }).map(({ cause, rank }) => `${rank} ${cause}`).join();

t.test('what reproduces every element is named, with the counts', async (t) => {
  const wrong = doubled.samples.reduce((sum, { got, expected }) => sum + [...(got.get(OUTPUT) as Int16Array)].filter((code, i) => code !== expected.get(OUTPUT)?.[i]).length, 0);
  t.same(explain(doubled, { hypotheses: [twice] }), [{ cause: 'bias.doubled', text: 'so', wrong, explained: wrong, contradicted: 0, samples: 3, rank: 1 }]);
});

t.test('what leaves one element unexplained is not', async (t) => {
  const butOne = changing('bias.doubled', (code, i, { at }) => (at.sample === 2 && i === 7 ? code : limit(2 * code)));
  t.equal(tryOn(doubled, butOne), '');
});

t.test('what makes a right element wrong is not, in a clean sample either', async (t) => {
  const right = codes();
  const partly = evidence([sampleOf(right, right.map((code, i) => (i % 2 === 0 ? code + 9 : code)))]);
  t.equal(tryOn(partly, changing('bias.missing', (code, i) => (i % 2 === 0 ? code + 9 : code))), '1 bias.missing');
  t.equal(tryOn(partly, changing('bias.missing', (code) => code + 9)), '', 'elements that the device has right');
  const clean = codes();
  t.equal(tryOn(evidence(doubled.samples, [sampleOf(clean, clean, 3)]), twice), '', 'a sample that the device has right');
  t.equal(tryOn(evidence(doubled.samples, [sampleOf(new Int8Array(9), new Int8Array(9), 3)]), twice), '1 bias.doubled', 'one in which the cause changes nothing');
});

t.test('a tensor with wrong elements must be spoken of', async (t) => {
  t.equal(tryOn(doubled, changing('bias.doubled', (code) => code, { predict: () => new Map() })), '');
});

t.test('a sample may be left out where most are spoken of', async (t) => {
  const silent = (...samples: number[]): Hypothesis => {
    const [candidate] = [...twice.candidates(doubled)] as [Candidate];
    return changing('memory.stale', (code) => code, { predict: (sample) => (samples.includes(sample.at.sample) ? null : candidate.predict(sample)) });
  };
  t.match(explain(doubled, { hypotheses: [silent(0)] }), [{ cause: 'memory.stale', samples: 2 }]);
  t.equal(tryOn(doubled, silent(0, 1)), '', 'most are not');
  t.equal(tryOn(doubled, silent(0), twice), '1 bias.doubled,2 memory.stale', 'who explains more comes first');
});

t.test('causes that the data cannot tell apart share a rank; one cause is named once', async (t) => {
  t.equal(tryOn(doubled, twice, changing('scales.shifted', (code) => limit(code + code)), twice), '1 bias.doubled,1 scales.shifted');
});

t.test('the special case stands for the general one', async (t) => {
  t.equal(tryOn(doubled, changing('memory.truncated-range', (code) => limit(2 * code)), changing('output.wrapped', (code) => limit(2 * code))), '1 output.wrapped');
  t.equal(tryOn(doubled, changing('memory.truncated-range', (code) => limit(2 * code)), changing('output.wrapped', (code) => code)), '1 memory.truncated-range', 'which does not explain here');
});

t.test('data that say little name nothing', async (t) => {
  const off = (wrong: number, by: (k: number) => number, n = 200): LayerEvidence => {
    const expected = codes(n);
    const got = [...expected];
    for (let k = 0; k < wrong; k++) got[Math.floor((k * n) / wrong)]! += by(k);
    return evidence([sampleOf(expected, got)]);
  };
  const same = (cause: Cause = 'rounding.single'): Hypothesis => changing(cause, (_code, i, { got }) => Number(got.get(OUTPUT)?.[i]));
  for (const [data, what] of [
    [off(1, () => 1), 'one element off by one'], [off(1, () => 40), 'one element far off'], [off(2, (k) => 30 + k), 'two elements'],
    [off(3, (k) => (k === 0 ? 1 : -1)), 'three elements off by one'], [off(6, () => -1), 'six elements low by one'],
    [off(8, () => 5, 8), 'all eight off by the same'], [off(40, () => 1, 40), 'all high by one'],
  ] as const) t.equal(tryOn(data, same()), '', what);
  for (const [data, what] of [
    [off(3, (k) => 30 + k), 'three elements far off'], [off(8, (k) => (k % 2 === 0 ? 1 : -1)), 'eight elements off by one, some up, some down'],
    [off(100, () => -1), 'half of all elements low by one'], [off(60, () => 5, 60), 'all sixty off by the same'],
  ] as const) t.equal(tryOn(data, same()), '1 rounding.single', what);
  const many = (alternatives: number): Hypothesis => changing('memory.overlap', (_code, i, { got }) => Number(got.get(OUTPUT)?.[i]), { alternatives });
  t.equal(tryOn(off(6, (k) => (k % 2 === 0 ? 1 : -1)), many(1)), '1 memory.overlap');
  t.equal(tryOn(off(6, (k) => (k % 2 === 0 ? 1 : -1)), many(1000)), '', 'one choice out of a thousand fits more easily');
});

t.test('a quick look spares the rest, and decides nothing else', async (t) => {
  let full = 0;
  const counted = (predictAt: NonNullable<Candidate['predictAt']>): Hypothesis => {
    const [candidate] = [...twice.candidates(doubled)] as [Candidate];
    return changing('bias.doubled', (code) => code, { predictAt, predict: (sample) => (full++, candidate.predict(sample)) });
  };
  t.equal(tryOn(doubled, counted((_sample, _tensor, elements) => new Int32Array(elements.length).fill(99))), '');
  t.equal(full, 0);
  t.equal(tryOn(doubled, counted(() => null)), '1 bias.doubled', 'one that cannot be taken');
  t.equal(full, 3);
});

t.test('what the reference refuses is no explanation; a fault is a fault', async (t) => {
  const throwing = (error: Error): Hypothesis => changing('bias.missing', (code) => code, { predict: () => { throw error; } });
  t.equal(tryOn(doubled, throwing(new HilError('config', 'reference.unsupported', 'no')), twice), '1 bias.doubled');
  t.throws(() => tryOn(doubled, throwing(new TypeError('a fault')), twice), TypeError);
  t.throws(() => tryOn(doubled, changing('bias.missing', (code) => code, { predict: () => new Map([[OUTPUT, new Int8Array(3)]]) })), RangeError);
  t.throws(() => explain(evidence([sampleOf(new Int8Array(3), new Int8Array(4))])), RangeError);
});

t.test('ends when its time is over, with what it has', async (t) => {
  let tried = 0;
  const slow: Hypothesis = { name: 'slow', *candidates() {
    for (;;) yield { cause: 'bias.missing', text: '', alternatives: 1, predict: (sample: LayerSample) => {
      for (const end = performance.now() + 5; performance.now() < end;);
      return tried++ < 0 ? null : new Map(sample.expected);
    } };
  } };
  t.equal(explain(doubled, { hypotheses: [twice, slow], budgetMs: 60 }).map(({ cause }) => cause).join(), 'bias.doubled');
  t.ok(tried > 1);
});
