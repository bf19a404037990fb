import t from 'tap';
import type { CaseReport, Report } from '../report/index.ts';
import { benchCase, caseReport, failCase, HOST, output, report, wrongLayers } from '../report/testing/sample-reports.ts';
import { canonicalReport } from './canonical.ts';
import { openHistory, type Baseline, type History, type RunFilter } from './index.ts';
import { figuresOfCase } from './metrics-of-case.ts';
import { backEnds } from './testing/back-ends.ts';
import { simulateRuns } from './testing/simulated-runs.ts';

t.setTimeout(120_000);
const ends = await backEnds(t);
const simulated = [...simulateRuns({ runs: 80 }).runs()];
const keys = new Map(simulated.map((one) => [one, canonicalReport(one).key]));
/** On each back-end one with the simulated runs in it, landed in another order than that of their time; and an empty one. */
const here = await Promise.all(ends.filter(({ skip }) => skip === false).map(async ({ name, place }) => {
  const [filled, empty] = [await openHistory(await place()), await openHistory(await place())];
  for (const one of [...simulated].reverse()) await filled.add({ report: one, dir: `/runs/${one.run.id}` });
  return { name, filled, empty };
}));
t.teardown(() => Promise.all(here.flatMap(({ filled, empty }) => [filled.close(), empty.close()])));

const all: readonly RunFilter[] = [
  {}, { limit: 3 }, { suite: 'sim-suite-1' }, { suite: '*-0' }, { suite: 'sim-suite-?', limit: 7 }, { case: 'torque*' }, { device: 'qemu-m?' }, { case: 'keyword-01', device: 'qemu-m4' },
  { verdict: 'fail' }, { verdict: 'bench-error' }, { verdict: 'fail', device: 'qemu-*' }, { generator: 'hil' }, { generator: 'hil 0.1.0' }, { generator: 'hil 0.1' }, { bench: 'sim-ci' }, { branch: 'main' },
  { pullRequest: 100 }, { commit: simulated[5]?.run.source?.commit?.slice(0, 6) ?? 'none' }, { model: simulated[0]?.cases[0]?.model?.sha256.slice(0, 10) ?? 'none' },
  { run: simulated[9]?.run.id ?? 'none' }, { run: keys.get(simulated[9] as Report)?.slice(0, 9) ?? 'none' }, { run: keys.get(simulated[9] as Report) ?? 'none' },
  { sinceMs: Date.parse(simulated[30]?.run.startedAt ?? '') }, { untilMs: Date.parse(simulated[30]?.run.startedAt ?? '') }, { suite: 'nothing' }, { case: '*[a-z]*' }, { case: '%' }, { case: 'torque_00' },
];

/** What a filter means, told a second time and without SQL. */
const glob = (pattern: string | undefined, text: string): boolean => pattern === undefined || new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')}$`).test(text);
const caseMeant = (filter: RunFilter, one: CaseReport): boolean => glob(filter.case, one.name) && glob(filter.device, one.device) && (filter.verdict === undefined || one.verdict === filter.verdict)
  && (filter.generator === undefined || (one.generator !== null && [one.generator.name, `${one.generator.name} ${one.generator.version}`].includes(filter.generator)))
  && (filter.model === undefined || one.model?.sha256.startsWith(filter.model) === true);

function meant(filter: RunFilter): Report[] {
  const some = [filter.case, filter.device, filter.verdict, filter.generator, filter.model].some((one) => one !== undefined);
  const fits = (one: Report): boolean => {
    const { run: { id, source, startedAt }, suite, cases } = one;
    return glob(filter.suite, suite.name) && (filter.run === undefined || id === filter.run || keys.get(one)?.startsWith(filter.run) === true) && (filter.commit === undefined || source?.commit?.startsWith(filter.commit) === true)
      && (filter.branch === undefined || source?.branch === filter.branch) && (filter.pullRequest === undefined || source?.pullRequest === filter.pullRequest) && (filter.bench === undefined || source?.bench === filter.bench)
      && Date.parse(startedAt) >= (filter.sinceMs ?? 0) && Date.parse(startedAt) < (filter.untilMs ?? Infinity) && (!some || cases.some((found) => caseMeant(filter, found)));
  };
  return simulated.filter(fits).sort((a, b) => Date.parse(b.run.startedAt) - Date.parse(a.run.startedAt) || ((keys.get(b) ?? '') > (keys.get(a) ?? '') ? 1 : -1)).slice(0, filter.limit);
}

/** The figures of the cases that are meant, as text. */
function figuresMeant(filter: RunFilter, metric?: string): string[] {
  return meant(filter).flatMap((one) => one.cases.filter((found) => caseMeant(filter, found)).flatMap((found) => figuresOfCase(one, found).filter((figure) => metric === undefined || figure.metric === metric)
    .map((figure) => [keys.get(one), found.name, found.device, figure.metric, figure.value, figure.likeness].join(' ')))).sort();
}

t.test('both back-ends are tested where both are here', async (t) => {
  t.same(here.map(({ name }) => name), ends.filter(({ skip }) => skip === false).map(({ name }) => name));
  for (const { name, skip } of ends) if (skip !== false) t.comment(`${name} is not tested: ${skip}`);
});

for (const { name, filled } of here) {
  t.test(`filters find what they mean, newest first: ${name}`, async (t) => {
    t.ok(all.filter((filter) => meant(filter).length > 0).length > 20, 'most of them find something');
    for (const filter of all) t.same((await filled.runs(filter)).map(({ key }) => key), meant(filter).map((one) => keys.get(one)), JSON.stringify(filter));
    t.ok((await filled.cases({ verdict: 'fail', device: 'qemu-*' })).every(({ verdict, device }) => verdict === 'fail' && device.startsWith('qemu-')), 'rows are of the cases that are meant, not of all of the run');
    for (const [filter, metric] of [...all.map((filter) => [filter, undefined] as const), [{ limit: 9, verdict: 'pass' }, 'latency'], [{ device: 'qemu-*' }, 'flash']] as const) {
      const found = (await filled.points(filter, metric)).map((point) => [point.run, point.case, point.device, point.metric, point.value, point.likeness].join(' ')).sort();
      t.equal(found.join('\n') === figuresMeant(filter, metric).join('\n'), true, `points ${JSON.stringify(filter)}`);
    }
    const points = await filled.points({ case: 'torque*' }, 'latency');
    t.ok(points.length > 50 && points.every((point) => point.metric === 'latency' && point.case.startsWith('torque')));
    t.same(points.map(({ startedAtMs }) => startedAtMs), points.map(({ startedAtMs }) => startedAtMs).sort((a, b) => a - b), 'points come oldest first');
    t.same(await filled.points({ case: 'torque*' }, 'no such figure'), []);
  });

  t.test(`what is landed comes back: ${name}`, async (t) => {
    const one = simulated[12] as Report;
    const [row] = await filled.runs({ run: one.run.id });
    t.match(row, { key: keys.get(one), id: one.run.id, startedAtMs: Date.parse(one.run.startedAt), durationMs: one.run.durationMs, verdict: one.verdict, suite: one.suite.name, source: one.run.source, dir: `/runs/${one.run.id}` });
    t.same(Object.values(row?.counts ?? {}).reduce((sum, count) => sum + count, 0), one.cases.length);
    t.same(await filled.report(keys.get(one) ?? ''), one);
    t.same((await filled.cases({ run: one.run.id })).map((found) => [found.name, found.device, found.verdict, found.index]), one.cases.map((found, index) => [found.name, found.device, found.verdict, index]));
    t.equal((await filled.layers({ run: one.run.id })).length, one.cases.reduce((sum, { layers }) => sum + layers.length, 0));
    t.equal(await filled.report('0123456789'), null);
  });

  t.test(`the same report is one run: ${name}`, async (t) => {
    const before = (await filled.runs({})).length;
    const again = JSON.parse(JSON.stringify(simulated[3])) as Report;
    const turned = Object.fromEntries(Object.entries(again).reverse()) as unknown as Report;
    t.same(await filled.add({ report: turned, dir: '/elsewhere' }), { key: keys.get(simulated[3] as Report), added: false }, 'whatever the order of its fields');
    t.equal((await filled.runs({})).length, before);
  });
}

t.test('both back-ends answer alike', { skip: here.length < 2 }, async (t) => {
  const [one, other] = here.map(({ filled }) => filled) as [History, History];
  for (const filter of all) {
    for (const ask of ['runs', 'cases', 'points', 'layers'] as const) t.equal(JSON.stringify(await one[ask](filter)) === JSON.stringify(await other[ask](filter)), true, `${ask} ${JSON.stringify(filter)}`);
  }
  t.ok((await one.points({})).length > 1000);
});

for (const { name, empty } of here) {
  t.test(`odd reports: ${name}`, async (t) => {
    const hostile = 'a\0b\ud800 \u202e"\'; DROP TABLE hil_runs; -- 😀'.repeat(40);
    const nasty = report([
      caseReport({ name: hostile, device: 'host', outputs: [output({ metrics: [{ name: 'rmse', kind: 'rmse', value: Number.NaN, unit: '', max: null, passed: false }] })], durationMs: Number.MAX_VALUE, reasons: [hostile] }),
      failCase(), caseReport({ layers: [...wrongLayers(), ...wrongLayers()] }), benchCase(),
    ], { devices: [HOST], suite: { name: hostile, description: '', file: null } });
    const { key } = await empty.add({ report: nasty, dir: hostile });
    t.same(await empty.report(key), nasty, 'the report itself is kept as it was, NaN too');
    t.equal((await empty.runs({ suite: hostile.replaceAll(/[*?]/g, '') })).length, 1, 'it is found by its name');
    t.equal((await empty.cases({ case: '*DROP TABLE*' })).length, 1);
    t.ok((await empty.points({})).every(({ value }) => Number.isFinite(value)));
    t.equal((await empty.cases({ verdict: 'fail' }))[0]?.culprit?.startsWith('#'), true);
    t.same(await empty.points({ verdict: 'bench-error' }), [], 'a bench error has no figures');
    await t.rejects(empty.add({ report: report([], { run: { ...nasty.run, startedAt: 'yesterday' } }), dir: null }), { code: 'history.bad-run' });
    t.equal((await empty.runs({})).length, 1, 'and nothing of a refused one is left');
    t.equal((await empty.add({ report: report([]), dir: null })).added, true, 'a run without cases');
    await t.rejects(empty.report(nasty.run.id), { kind: 'config', code: 'history.ambiguous' }, 'two runs of one id');
  });

  t.test(`baselines: ${name}`, async (t) => {
    const baseline: Omit<Baseline, 'acceptedAt'> = { suite: 's', case: 'c', device: 'd', metric: 'latency', likeness: 'l', value: 12.5, unit: 'us', run: 'k', commit: null, reason: 'wider window', by: 'me' };
    await empty.accept({ ...baseline, acceptedAt: '2026-01-01T00:00:00.000Z' });
    await empty.accept({ ...baseline, acceptedAt: '2026-01-01T00:00:00.000Z' });
    await empty.accept({ ...baseline, value: 13 });
    const found = await empty.baselines();
    t.same(found.map(({ value }) => value), [13, 12.5], 'the newest first, the same one once');
    t.match(found[1], baseline);
    await t.rejects(empty.accept({ ...baseline, value: Number.NaN }), { kind: 'config', code: 'history.no-figure' });
  });
}

for (const { name, filled } of here) {
  t.test(`old runs are deleted, but for those of baselines: ${name}`, async (t) => {
    const before = await filled.runs({});
    const [oldest, border] = [before.at(-1), before[39]];
    await filled.accept({ suite: 's', case: 'c', device: 'd', metric: 'latency', likeness: 'l', value: 1, unit: 'us', run: oldest?.key ?? '', commit: null, reason: 'r', by: 'me' });
    const old = before.filter(({ startedAtMs }) => startedAtMs < (border?.startedAtMs ?? 0)).length;
    t.same(await filled.prune(border?.startedAtMs ?? 0, { dry: true }), { deleted: old - 1, kept: 1 });
    t.equal((await filled.runs({})).length, before.length, 'a dry run deletes nothing');
    t.same(await filled.prune(border?.startedAtMs ?? 0), { deleted: old - 1, kept: 1 });
    const after = new Set((await filled.runs({})).map(({ key }) => key));
    t.same([after.size, after.has(oldest?.key ?? '')], [before.length - old + 1, true]);
    for (const rows of [await filled.points({}), await filled.cases({}), await filled.layers({})]) t.ok(rows.length > 0 && rows.every(({ run }) => after.has(run)));
    t.equal(await filled.report(before.at(-2)?.key ?? ''), null);
    t.equal((await filled.add({ report: simulated[1] as Report, dir: null })).added, true, 'one that was deleted can come back');
  });
}
