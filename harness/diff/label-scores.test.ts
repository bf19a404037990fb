/** Scores of labelled files: against figures of scikit-learn 1.9.1, and against counting pairs. */
import fc from 'fast-check';
import t from 'tap';
import { LabelScores } from './label-scores.ts';

const TENTHS = [[5, 3, 2], [2, 5, 3], [1, 1, 8], [4, 4, 2], [3, 3, 4], [5, 1, 4], [2, 2, 6], [2, 6, 2], [4, 5, 1], [3, 4, 3]];
const LABELS = [0, 1, 2, 2, 1, 0, 2, 0, 1, 1];

function of(labels: readonly number[], scores: readonly (readonly number[])[]): LabelScores {
  const result = new LabelScores();
  scores.forEach((each, i) => result.add(`file ${i}`, labels[i] as number, each));
  return result;
}

t.test('roc_auc_score(multi_class="ovr") and the greatest score', async (t) => {
  const scores = of(LABELS, TENTHS);
  t.ok(Math.abs(scores.value('auc') - 0.7579365079365079) < 1e-12, String(scores.value('auc')));
  t.equal(scores.correct, 7);
  t.equal(scores.value('top-1'), 0.7);
  const distance = [0.1, 0.4, 0.35, 0.8, 0.35, 0.9];
  const binary = [0, 0, 1, 1, 0, 1];
  t.ok(Math.abs(of(binary, distance.map((each) => [each])).value('auc') - 0.8333333333333333) < 1e-12, 'one score: how far from class 0');
  t.ok(Math.abs(of(binary, distance.map((each) => [1 - each, each])).value('auc') - 0.8333333333333333) < 1e-12, 'two: that of class 1');
});

t.test('samples of a file: each divided by its sum, then averaged', async (t) => {
  const scores = new LabelScores();
  scores.add('a', 1, [3, 1]);
  scores.add('a', 1, [0, 100]);
  t.same(scores.files, [{ name: 'a', label: 1, samples: 2, scores: [0.375, 0.625] }]);
  t.equal(scores.correct, 1, 'the sums alone would say so too');
  scores.add('b', 0, [4, 6]);
  scores.add('b', 0, [900, 100]);
  t.equal(scores.correct, 2, 'a loud sample counts no more than a quiet one');
  t.throws(() => scores.add('b', 1, [1, 2]), RangeError);
  t.throws(() => scores.add('b', 0, [1]), RangeError);
});

t.test('what cannot be told is NaN, which no limit is met by', async (t) => {
  t.ok(Number.isNaN(new LabelScores().value('top-1')));
  t.ok(Number.isNaN(new LabelScores().value('auc')));
  t.ok(Number.isNaN(of([1, 1], [[0, 1], [1, 0]]).value('auc')), 'one class only');
  t.ok(Number.isNaN(of([0, 1], [[0, 0], [1, 0]]).value('top-1')), 'scores that sum up to 0');
  t.equal(of([0, 1], [[NaN, 0], [1, 0]]).correct, 0);
  t.ok(Number.isNaN(of([0, 1], [[1], [2]]).value('top-1')), 'of one score the greatest is always the same');
  t.ok(Number.isNaN(of([0, 1], [[1], [2]]).value('rmse')));
});

t.test('any scores: the share of pairs in the right order', async () => {
  const file = fc.record({ label: fc.integer({ min: 0, max: 1 }), score: fc.integer({ min: 0, max: 6 }) });
  fc.assert(fc.property(fc.array(file, { minLength: 2, maxLength: 30 }), (files) => {
    const [ones, zeros] = [files.filter(({ label }) => label === 1), files.filter(({ label }) => label === 0)];
    const pairs = ones.flatMap((one) => zeros.map((zero): number => (one.score > zero.score ? 1 : one.score === zero.score ? 0.5 : 0)));
    const got = of(files.map(({ label }) => label), files.map(({ score }) => [score])).value('auc');
    if (pairs.length === 0) return Number.isNaN(got);
    return Math.abs(got - pairs.reduce((sum, each) => sum + each, 0) / pairs.length) < 1e-9;
  }));
});
