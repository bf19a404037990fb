import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { HOSTILE } from '../../report/testing/hostile.ts';
import { passCase, failCase, report } from '../../report/testing/sample-reports.ts';
import { simulateRuns } from '../testing/simulated-runs.ts';
import type { LayersData, SeriesData } from './site-data.ts';
import { builtSite, dataDir, dataFiles, historyOf, readData, runAt, scratchDir } from './testing/built-site.ts';

t.setTimeout(120_000);
const DAY = 86_400_000;
const history = await historyOf(t, simulateRuns({ runs: 130, devices: [{ id: 'qemu-m4', kind: 'qemu', core: 'cortex-m4', clockHz: 25e6, simulated: true, bench: 'sim-ci' }, { id: 'sim-nucleo', kind: 'serial', core: 'cortex-m4', clockHz: 1e8, simulated: false, bench: 'sim-rack' }] }).runs());
const empty = await historyOf(t, []);
const dir = scratchDir(t);
const built = await builtSite(history, dir);
const runs = await history.runs({});

t.test('all that the history has is in the site, and the newest verdicts are its', async (t) => {
  const { start } = built;
  t.equal(start.totals.runs, runs.length);
  t.equal(start.months.reduce((sum, { runs: count }) => sum + count, 0), runs.length);
  t.equal(start.months.flatMap(({ month }) => (readData(dir, `month-${month}`) as { runs: unknown[] }).runs).length, runs.length);
  t.equal(start.cells.length, 2 * 3 * 2);
  const main = new Set(runs.filter(({ source }) => source.pullRequest === null).map(({ key }) => key));
  for (const cell of start.cells) {
    const newest = (await history.cases({ suite: cell.suite, case: cell.case, device: cell.device })).find(({ run }) => main.has(run));
    t.match(cell, { verdict: newest?.verdict, run: newest?.run.slice(0, 16) }, `${cell.case} on ${cell.device}`);
  }
  const [cell] = start.cells;
  const series = readData(dir, `series-${cell!.file}`) as SeriesData;
  const latency = series.metrics.find(({ metric }) => metric === 'latency')!;
  const points = await history.points({ suite: cell!.suite, case: cell!.case, device: cell!.device }, 'latency');
  t.same(latency.values, points.map(({ value }) => value));
  t.same(latency.at.map((at) => series.runs[at]?.[0]), points.map(({ run }) => run.slice(0, 16)));
  const layers = readData(dir, `layers-${cell!.file}`) as LayersData;
  const rows = await history.layers({ suite: cell!.suite, case: cell!.case, device: cell!.device });
  t.equal(layers.wrong.length, rows.filter(({ mismatched, compared }) => mismatched > 0 || compared === 0).length);
  t.equal(layers.cost.flat().filter((cost) => cost !== null).length, rows.filter(({ cost }) => cost !== null).length);
  t.ok(start.regressions.series > 0 && start.regressions.note === '', 'figures were judged');
});

t.test('reports: the newest of each, then what is no pass; within the bound, and what is told is there', async (t) => {
  const files = readdirSync(join(dir, 'reports')).sort();
  t.same(files, built.start.reports.map((key) => `${key}.html`).sort());
  for (const { run } of built.start.grid) t.ok(built.start.reports.includes(run), 'of the grid');
  const tight = await builtSite(history, scratchDir(t), { mostReportBytes: 450_000 });
  t.ok(tight.reports > 0 && tight.reports < built.reports && tight.reportsLeftOut > 0, `${tight.reports} of ${built.reports}`);
  const elsewhere = await builtSite(history, scratchDir(t), { reportUrl: 'https://ci.example/{run}' });
  t.match(elsewhere, { reports: 0, reportsLeftOut: 0, start: { reportUrl: 'https://ci.example/{run}' } });
});

t.test('nothing to show is an error, never a page without red', async (t) => {
  const never = join(scratchDir(t), 'site');
  await t.rejects(builtSite(empty, never), { kind: 'config', code: 'dashboard.empty', hint: /hil run/ });
  t.notOk(existsSync(never), 'no folder either');
});

t.test('built again: one set of data, no old reports; foreign files stay', async (t) => {
  const site = scratchDir(t);
  const first = await builtSite(history, site);
  writeFileSync(join(site, 'CNAME'), 'hil.example');
  writeFileSync(join(site, 'reports', '0123456789abcdef.html'), 'of a run that is gone');
  writeFileSync(join(site, 'reports', 'mine.html'), 'mine');
  const old = dataDir(site);
  await builtSite(history, site, { now: new Date(Date.now() + DAY) });
  t.notOk(existsSync(old));
  t.equal(readdirSync(join(site, 'data')).length, 1);
  t.same(readdirSync(join(site, 'reports')).filter((name) => name === 'mine.html' || name === '0123456789abcdef.html'), ['mine.html']);
  t.equal(readdirSync(join(site, 'reports')).length, first.reports + 1);
  t.ok(existsSync(join(site, 'CNAME')));
  t.notOk(existsSync(join(site, '.hil-dashboard.lock')));
});

t.test('a folder that is none of ours is refused and left as it is', async (t) => {
  const other = scratchDir(t);
  mkdirSync(join(other, 'data'));
  writeFileSync(join(other, 'index.html'), 'mine');
  await t.rejects(builtSite(history, other), { kind: 'config', code: 'dashboard.not-a-dashboard', hint: /--out/ });
  t.same(readdirSync(other).sort(), ['data', 'index.html']);
  const file = join(scratchDir(t), 'file');
  writeFileSync(file, '');
  await t.rejects(builtSite(history, file), { kind: 'bench', code: 'dashboard.folder' });
});

t.test('a build that is stopped leaves the old site whole; two at once do not mix', async (t) => {
  const site = scratchDir(t);
  await builtSite(history, site);
  const before = readFileSync(join(site, 'index.html'), 'utf8');
  const stop = new AbortController();
  await t.rejects(builtSite(history, site, { signal: stop.signal, progress: (text) => { if (text.startsWith('figures: 3')) stop.abort(new Error('stopped')); } }), { message: 'stopped' });
  t.equal(readFileSync(join(site, 'index.html'), 'utf8'), before);
  t.equal(readdirSync(join(site, 'data')).length, 1, 'half of the new data is gone');
  t.ok(readData(site, 'start'));
  await t.rejects(builtSite(history, site, { progress: () => { throw new Error('first'); } }), { message: 'first' });
  let inner: unknown;
  await builtSite(history, site, { progress: (text) => { if (text.startsWith('figures: 3')) inner ??= builtSite(history, site).catch((error: unknown) => error); } });
  t.match(await inner, { code: 'dashboard.busy', hint: /Wait for it/ });
  writeFileSync(join(site, '.hil-dashboard.lock'), '999999999 elsewhere');
  await t.rejects(builtSite(history, site), { code: 'dashboard.busy' }, 'of another computer nothing is known');
  const { hostname } = await import('node:os');
  writeFileSync(join(site, '.hil-dashboard.lock'), `999999999 ${hostname()}`);
  await builtSite(history, site);
  t.pass('the lock of a process that is gone does not hold');
});

t.test('names are values: nothing acts in a data file, in a file name or in the page', async (t) => {
  const names = HOSTILE.slice(0, -1).filter((name) => !name.includes('\ud800'));
  const hostile = await historyOf(t, names.map((name, at) => {
    const one = { ...(at % 2 === 0 ? passCase() : failCase()), name, device: name };
    return runAt({ ...report([one]), devices: [{ id: name, kind: 'serial', core: name, clockHz: 1, simulated: false }], suite: { name, description: name, file: name } }, `run-${at}`, Date.now() - at * 1000, { subject: name, branch: name, bench: name, jobUrl: `javascript:${name}` });
  }));
  const site = scratchDir(t);
  const { start } = await builtSite(hostile, site, { title: names.join(' ') });
  t.equal(start.cells.length, names.length);
  t.ok(start.cells.some((cell) => cell.case === '__proto__' && cell.device === '__proto__'));
  for (const file of dataFiles(site)) {
    t.match(file, /^(start|regressions|month-\d{4}-\d\d|(series|layers)-[0-9a-f]{20})\.js$/);
    t.notMatch(readFileSync(join(dataDir(site), file), 'utf8'), /[<>&\u2028\u2029]/, file);
  }
  t.notMatch(readFileSync(join(site, 'index.html'), 'utf8'), /<img|hacked=1<\/script>/);
});
