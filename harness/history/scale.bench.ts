/**
 * What a history of many runs costs, in time, memory and space, with runs that are simulated (testing/simulated-runs.ts):
 *
 *   node harness/history/scale.bench.ts [--runs 10000] [--suites 3] [--cases 4] [--keep DIR]
 *
 * SQLite in a new file; PostgreSQL in a schema of its own on the server that HIL_TEST_POSTGRES names, else on one that is started
 * for it (whose disk is not waited for). --keep leaves the file and the site in DIR, which must be empty.
 * Each part runs in a process of its own, so that its peak memory is its own. Prints one JSON object.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import pg from 'pg';
import type { History } from './history.ts';
import { openHistory } from './open-history.ts';
import { noPostgres, testServer } from './testing/postgres-server.ts';
import { simulateRuns, type SimulationOptions } from './testing/simulated-runs.ts';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '10000' }, suites: { type: 'string', default: '3' }, cases: { type: 'string', default: '4' }, keep: { type: 'string' }, part: { type: 'string' }, where: { type: 'string' }, dir: { type: 'string' } } });
const options: SimulationOptions = { runs: Number(values.runs), suites: Number(values.suites), casesPerSuite: Number(values.cases) };
if (!(options.runs >= 100)) throw new Error('--runs: at least 100');

const round = (value: number, digits = 1): number => Number(value.toFixed(digits));
const megabytes = (bytes: number): number => round(bytes / 1e6);

type Figures = Record<string, unknown>;

async function timed<T>(work: () => T | Promise<T>): Promise<{ ms: number; result: T }> {
  const started = performance.now();
  const result = await work();
  return { ms: performance.now() - started, result };
}

async function withHistory(work: (history: History) => Promise<Figures>): Promise<Figures> {
  const history = await openHistory(values.where!);
  try {
    return await work(history);
  } finally {
    await history.close();
  }
}

const PARTS: Readonly<Record<string, () => Promise<Figures>>> = {
  generate: async () => {
    let cases = 0;
    let layers = 0;
    const { ms } = await timed(() => { for (const one of simulateRuns(options).runs()) for (const each of one.cases) { cases += 1; layers += each.layers.length; } });
    return { cases, layers, seconds: round(ms / 1000) };
  },
  add: () => withHistory(async (history) => {
    const took: number[] = [];
    for (const report of simulateRuns(options).runs()) took.push((await timed(() => history.add({ report, dir: null }))).ms);
    const mean = (list: readonly number[]): number => round(list.reduce((sum, one) => sum + one, 0) / list.length, 2);
    const tenth = Math.ceil(took.length / 10);
    return { msEach: mean(took), msEachFirstTenth: mean(took.slice(0, tenth)), msEachLastTenth: mean(took.slice(-tenth)), msSlowest: round(Math.max(...took)), seconds: round(took.reduce((sum, one) => sum + one, 0) / 1000) };
  }),
  query: () => withHistory(async (history) => {
    const [one] = await history.cases({ limit: 1 });
    const [newest] = await history.runs({ limit: 1 });
    if (one === undefined || newest === undefined) throw new Error('the history is empty');
    const cell = { suite: one.suite, case: one.name, device: one.device };
    const asked: readonly (readonly [string, () => Promise<readonly unknown[]>])[] = [
      ['newest 50 runs', () => history.runs({ limit: 50 })], ['all runs', () => history.runs({})], ['runs with a bench error', () => history.runs({ verdict: 'bench-error' })],
      ['runs of a commit', () => history.runs({ commit: newest.source.commit!.slice(0, 8) })], ['runs of a case on a device', () => history.runs(cell)], ['runs with a model', () => history.runs({ model: one.modelSha256!.slice(0, 12) })],
      ['cases of the newest 50 runs', () => history.cases({ limit: 50 })], ['failed cases', () => history.cases({ verdict: 'fail' })],
      ['latency of a case on a device', () => history.points(cell, 'latency')], ['all figures of a case on a device', () => history.points(cell)], ['layers of a case on a device', () => history.layers(cell)],
      ['one report', async () => [await history.report(newest.key)]],
    ];
    const figures: Figures = {};
    for (const [what, ask] of asked) {
      const { ms, result } = await timed(ask);
      if (result.length === 0) throw new Error(`nothing found: ${what}`);
      figures[what] = { rows: result.length, ms: round(ms) };
    }
    return figures;
  }),
  regressions: () => withHistory(async (history) => {
    const { judgeHistory } = await import('./regressions/judge-history.ts');
    const { ms, result } = await timed(() => judgeHistory(history, {}));
    return { seconds: round(ms / 1000), series: result.series.length, changes: result.changes.length };
  }),
  dashboard: () => withHistory(async (history) => {
    const { buildSite } = await import('./dashboard/build-site.ts');
    const { ms, result } = await timed(() => buildSite(history, {}, {
      dir: values.dir!, title: 'Scale', hilVersion: '0', now: new Date(), filters: [], commitUrl: null, reportUrl: null, mostReportBytes: 200e6, quarantines: [], signal: new AbortController().signal, progress: () => undefined,
    }));
    const data = join(values.dir!, 'data', readdirSync(join(values.dir!, 'data'))[0]!);
    const sizes = readdirSync(data).map((name) => ({ name, bytes: statSync(join(data, name)).size })).sort((a, b) => b.bytes - a.bytes);
    return {
      seconds: round(ms / 1000), ...result, bytes: undefined, megabytes: megabytes(result.bytes), pageKilobytes: round(statSync(join(values.dir!, 'index.html')).size / 1e3),
      startKilobytes: round(statSync(join(data, 'start.js')).size / 1e3), largestPart: { name: sizes[0]!.name, kilobytes: round(sizes[0]!.bytes / 1e3) },
    };
  }),
  view: async () => {
    const { firstViews } = await import('./testing/first-view.ts');
    return firstViews(values.dir!);
  },
};

/** Runs a part in a process of its own. */
async function part(name: string, more: readonly string[] = []): Promise<Figures> {
  const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(import.meta.url), '--runs', values.runs, '--suites', values.suites, '--cases', values.cases, '--part', name, ...more], { maxBuffer: 64 << 20 });
  process.stderr.write(`${name}: ${stdout}`);
  return JSON.parse(stdout) as Figures;
}

async function withServer(work: (where: string) => Promise<Figures>): Promise<Figures | string> {
  if (noPostgres !== false) return noPostgres;
  const server = await testServer();
  try {
    const where = await server.place();
    const figures = await work(where);
    const client = new pg.Client({ connectionString: where });
    await client.connect();
    try {
      const { rows: [row] } = await client.query<{ size: string }>("SELECT sum(pg_total_relation_size(oid)) AS size FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'");
      return { server: process.env['HIL_TEST_POSTGRES'] === undefined ? 'started for the bench, fsync off' : 'given', ...figures, megabytes: megabytes(Number(row?.size)) };
    } finally {
      await client.end();
    }
  } finally {
    await server.stop();
  }
}

async function main(): Promise<void> {
  const base = values.keep ?? mkdtempSync(join(tmpdir(), 'hil-scale-'));
  try {
    const file = join(base, 'history.sqlite');
    const site = join(base, 'site');
    const figures: Figures = { name: 'scale', ...options, generate: await part('generate') };
    figures['sqlite'] = { add: await part('add', ['--where', file]), megabytes: megabytes(statSync(file).size), query: await part('query', ['--where', file]), regressions: await part('regressions', ['--where', file]) };
    figures['dashboard'] = await part('dashboard', ['--where', file, '--dir', site]);
    figures['view'] = await part('view', ['--dir', site]);
    figures['postgres'] = await withServer(async (where) => ({ add: await part('add', ['--where', where]), query: await part('query', ['--where', where]), regressions: await part('regressions', ['--where', where]) }));
    console.log(JSON.stringify(figures, null, 2));
  } finally {
    if (values.keep === undefined) rmSync(base, { recursive: true, force: true });
  }
}

if (values.part === undefined) await main();
else {
  const run = PARTS[values.part];
  if (run === undefined) throw new Error(`no such part: ${values.part}`);
  const before = process.cpuUsage();
  const figures = await run();
  const { user, system } = process.cpuUsage(before);
  // On a machine that does other things too, this tells more than the clock on the wall.
  console.log(JSON.stringify({ ...figures, cpuSeconds: round((user + system) / 1e6), peakMegabytes: megabytes(process.resourceUsage().maxRSS * 1024) }));
}
