import t from 'tap';
import { judgeHistory, type History, type RunRow } from '../../../history/index.ts';
import { pointsOf } from '../../../history/regressions/testing/points.ts';
import { regressionLines } from './regression-lines.ts';

const DAY = 86_400_000;
const points = pointsOf([1, 1, 1], () => ({ exact: true }));
const runOn = (day: number, source: Partial<RunRow['source']> = {}): RunRow => ({ key: `key${day}`, id: `run${day}`, startedAtMs: day * DAY, durationMs: 1, verdict: 'bench-error', suite: 'suite', hilVersion: '1', dir: null, devices: ['board'], counts: {},
  source: { commit: null, committedAt: null, subject: null, branch: 'main', dirty: false, pullRequest: null, jobUrl: null, bench: 'b', ...source } });
const judged = (runs: readonly RunRow[]) => judgeHistory({ points: async () => points, runs: async () => runs, baselines: async () => [] } as unknown as History, {});
const lines = (found: Awaited<ReturnType<typeof judged>>): string => regressionLines(found, { all: false, quiet: true, where: 'here', style: (_, text) => text }).join(' ');

t.test('runs since the newest figure that gave none are told: nothing is worse, but that is how it was', async (t) => {
  const seen = await judged([runOn(2), runOn(1), runOn(0)]);
  t.equal(seen.newerWithoutFigures, 0);
  t.notMatch(lines(seen), /how it was/);
  const blind = await judged([runOn(9, { pullRequest: 3 }), runOn(8, { branch: 'wip' }), runOn(7, { dirty: true }), runOn(6), runOn(5), runOn(2)]);
  t.equal(blind.newerWithoutFigures, 2);
  t.match(lines(blind), /Nothing is worse.*the newest 2 runs gave no figures/);
});

t.test('points of other branches that were not judged are told, with the branch that was', async (t) => {
  const renamed = { points: async () => [...pointsOf([1, 2], () => ({ exact: true, branch: 'master' })), ...pointsOf([2, 2], (at) => ({ exact: true, run: `new${at}` }))], runs: async () => [], baselines: async () => [] } as unknown as History;
  t.match(lines(await judgeHistory(renamed, {})), /points not judged: 2 of other branches than main/);
});
