import t from 'tap';
import { seededRandom } from '../../link/testing/random.ts';
import type { Baseline, LayerRow, MetricPoint } from '../history.ts';
import { acceptanceOf } from './accept.ts';
import { judge } from './judge.ts';
import { layerThatChanged } from './layer-change.ts';
import { NOISE_KINDS, syntheticSeries } from './testing/noise.ts';
import { pointsOf } from './testing/points.ts';
import { evidenceText, sizeText } from './words.ts';

const exact = (values: readonly number[], change: (at: number) => Partial<MetricPoint> = () => ({})): MetricPoint[] => pointsOf(values, (at) => ({ exact: true, unit: 'instructions', quality: 'modelled', ...change(at) }));
const noisy = (length: number, steps: readonly { at: number; sigmas: number }[], change: (at: number) => Partial<MetricPoint> = () => ({})): MetricPoint[] =>
  pointsOf(syntheticSeries(NOISE_KINDS[0]!, length, steps, seededRandom(21)), change);
const kinds = (points: readonly MetricPoint[], baselines: readonly Baseline[] = []): string[] => judge(points, { baselines }).changes.map(({ kind, from, to }) => `${kind} ${from} -> ${to}`);
/** What hil history accept does at the night after these points. */
const accepted = (points: readonly MetricPoint[]): Baseline[] => acceptanceOf(judge(points, {}), { reason: 'wider window', by: 'ana' }).map(({ baseline }) => ({ ...baseline, acceptedAt: new Date(points.at(-1)!.startedAtMs + 1).toISOString() }));

t.test('exact figures: any change is one', async (t) => {
  t.strictSame(kinds(exact([100, 100, 100])), []);
  const [change] = judge(exact([100, 100, 101, 101]), {}).changes;
  t.match(change, { kind: 'open', direction: 'worse', from: 100, to: 101, now: 101, ratio: 1.01, lastGood: { commit: 'c0000001' }, firstBad: { commit: 'c0000002' }, suspect: 'code', confidence: { how: 'exact' }, commits: ['c0000002'] });
  t.strictSame(kinds(exact([100, 101, 100])), ['undone 100 -> 101']);
  t.strictSame(kinds(exact([100, 101, 90])), ['undone 100 -> 101'], 'better than before');
  t.strictSame(kinds(exact([100, 120, 110])).sort(), ['improved 120 -> 110', 'open 100 -> 120'], 'half a repair is none');
  t.strictSame(kinds(exact([100, 110, 120, 105])).sort(), ['open 100 -> 110', 'undone 110 -> 120']);
  t.strictSame(kinds(exact([100, 90, 100])).sort(), ['improved 100 -> 90', 'open 90 -> 100'], 'a gain that is lost is a regression');
  t.strictSame(kinds(exact([0.9, 0.8], () => ({ better: 'higher' }))), ['open 0.9 -> 0.8'], 'where more is better');
  t.equal(sizeText(judge(exact([0, 5]), {}).changes[0]!), 'from 0');
});

t.test('an alarm ends only by accepting or by being undone', async (t) => {
  const points = exact([100, 110, 110, 110]);
  const baselines = accepted(points.slice(0, 3));
  t.match(baselines, [{ value: 110, run: 'key2', reason: 'wider window', by: 'ana', likeness: 'like' }]);
  t.strictSame(kinds(points), ['open 100 -> 110'], 'time alone does nothing');
  t.match(judge(points, { baselines }).changes, [{ kind: 'accepted', accepted: { by: 'ana' } }]);
  t.strictSame(kinds(exact([100, 110, 110, 111]), baselines), ['open 110 -> 111', 'accepted 100 -> 110'], 'beyond what was accepted');
  t.strictSame(kinds(exact([100, 110, 110, 100, 105]), baselines), ['open 100 -> 105', 'accepted 100 -> 110', 'improved 110 -> 100'], 'what was better since is not accepted any more');
  t.strictSame(kinds(points, baselines.map((one) => ({ ...one, value: 105 }))), ['open 100 -> 110'], 'accepted was less than this');
  t.strictSame(kinds(points, baselines.map((one) => ({ ...one, likeness: 'other' }))), ['open 100 -> 110'], 'accepted was something else');
  t.strictSame(kinds(points, baselines.map((one) => ({ ...one, run: 'gone' }))), ['accepted 100 -> 110'], 'a run that is not there any more: by the time');
  t.strictSame(acceptanceOf(judge(exact([100, 100]), {}), { reason: 'r', by: 'b' }), [], 'nothing to accept');
});

t.test('noisy figures: open, accepted with their noise, worse again, undone', async (t) => {
  const points = noisy(60, [{ at: 40, sigmas: 4 }]);
  const [open] = judge(points, {}).changes;
  t.match(open, { kind: 'open', direction: 'worse', exact: false, lastGood: { run: 'key39' }, firstBad: { run: 'key40' }, confidence: { how: 'confirmed', shape: 'step', before: 40, after: 20 } });
  const { low, high, value } = open!.confidence.size;
  t.ok(low <= 40 && 40 <= high && Math.abs(value - 40) < 12, `${low} ${high}`);
  t.match(evidenceText(open!), /^step of [3-5]\.?\d* sigmas, 95 % \+.* %, p = 0\.00\d+, 40 points before and 20 behind it$/);
  const baselines = accepted(noisy(60, [{ at: 40, sigmas: 4 }]).slice(0, 50));
  t.equal(baselines.length, 1);
  t.match(judge(points, { baselines }).changes, [{ kind: 'accepted' }], 'later noise around the accepted level is no alarm');
  const worse = judge(noisy(90, [{ at: 40, sigmas: 4 }, { at: 70, sigmas: 4 }]), { baselines });
  t.match(worse.changes.map(({ kind }) => kind), ['open', 'accepted'], 'beyond it is one');
  t.match(judge(noisy(90, [{ at: 40, sigmas: 4 }, { at: 50, sigmas: -4 }]), {}).changes.map(({ kind, undoneBy }) => [kind, undoneBy?.run]), [['undone', 'key50']]);
});

t.test('too few points are said, never called good', async (t) => {
  t.match(judge(noisy(14, []), {}).series, [{ judged: false, points: 14, need: 15 }]);
  t.match(judge(noisy(15, []), {}).series, [{ judged: true }]);
  t.match(judge(exact([1]), {}).series, [{ judged: false, need: 2 }]);
  t.strictSame(judge([], {}).series, []);
});

t.test('only like is compared with like', async (t) => {
  const { changes, breaks, series } = judge(exact([100, 100, 130, 130], (at) => ({ likeness: at < 2 ? 'gcc 12' : 'gcc 13', likenessText: at < 2 ? 'gcc 12' : 'gcc 13' })), {});
  t.strictSame([changes, series.map(({ state }) => state)], [[], ['superseded', 'current']]);
  t.match(breaks, [{ metric: 'latency', from: 'gcc 12', to: 'gcc 13', last: { run: 'key1' }, first: { run: 'key2' } }]);
  t.strictSame(judge(exact([100, 100, 130, 130], (at) => ({ likeness: at % 2 === 0 ? 'a' : 'b' })), {}).breaks.length, 1, 'two benches in turns: no break each night');
});

t.test('the main line: neither other branches, nor pull requests, nor changed files', async (t) => {
  const points = exact([100, 200, 300, 400, 100], (at) => ([{}, { branch: 'feature' }, { dirty: true }, {}, {}][at] ?? {}));
  const found = judge(points, { pullRequests: new Set(['key3']) });
  t.strictSame([found.changes, found.leftOut], [[], { dirty: 1, pullRequest: 1, otherBranch: 1, notJudged: 0 }]);
  t.equal(judge(points, {}).changes.length, 1, 'the same without the mark');
  t.strictSame(judge(exact([1, 2], () => ({ branch: 'feature' })), { branch: 'feature' }).changes.length, 1);
  t.strictSame(judge(exact([1, 2], () => ({ branch: 'feature' })), { branch: 'main' }).series, []);
  t.strictSame(judge(exact([1, 2], () => ({ branch: null })), {}).changes.length, 1, 'no branch is known at all');
  t.strictSame(judge(exact([1, 2], () => ({ metric: 'duration' })), {}).series, [], 'duration is never judged');
});

t.test('runs of one commit are repeats: with one image it is the bench, and an old commit run again is in its place', async (t) => {
  t.match(judge(exact([100, 110], () => ({ commit: 'same', imageSha256: 'same' })), {}).changes, [{ suspect: 'bench' }]);
  t.match(judge(exact([100, 110], () => ({ imageSha256: 'same' })), {}).changes, [{ suspect: 'inputs' }]);
  t.match(judge(exact([100, 110], (at) => ({ commit: 'same', imageSha256: 'same', modelSha256: `m${at}` })), {}).changes, [{ suspect: 'code', markers: ['model m0 -> m1'] }]);
  t.strictSame(kinds(exact([100, 110, 100], (at) => ({ commit: at === 1 ? 'new' : 'old' }))), ['open 100 -> 110'], 'the old commit does not undo it');
  const snapped = judge(noisy(60, [{ at: 40, sigmas: 2 }], (at) => ({ imageSha256: at < 40 ? 'old' : 'new' })), {}).changes;
  t.match(snapped, [{ firstBad: { run: 'key40' }, suspect: 'code' }], 'where the image changed');
});

t.test('a figure that newer runs of the case have not is missing', async (t) => {
  const other = exact([1, 1, 1]).map((point) => ({ ...point, metric: 'flash' }));
  t.match(judge([...exact([100, 100]), ...other], {}).series.map(({ metric, state }) => [metric, state]), [['latency', 'missing'], ['flash', 'current']]);
  t.match(judge([...exact([100, 100]), ...other], { metric: 'latency' }).series.map(({ metric, state }) => [metric, state]), [['latency', 'missing']]);
});

t.test('the layer that changed most', async (t) => {
  const rows = (costs: readonly (number | null)[]): LayerRow[] => costs.map((cost, layer) => ({ run: 'r', startedAtMs: 0, commit: null, suite: 's', case: 'c', device: 'd', layer, op: 'CONV_2D', name: `l${layer}`, compared: 1, mismatched: 0, ownMismatched: null, maxAbsDiff: null, cost, unit: 'cycles' }));
  t.match(layerThatChanged(rows([10, 20, 30]), rows([10, 28, 32])), { layer: 1, from: 20, to: 28, share: 0.8 });
  t.match(layerThatChanged(rows([10, 20]), rows([10, 12])), { layer: 1, share: 1 }, 'the better way');
  t.equal(layerThatChanged(rows([10]), rows([10])), null);
  t.equal(layerThatChanged(rows([null]), rows([10])), null, 'a side without costs tells nothing');
});
