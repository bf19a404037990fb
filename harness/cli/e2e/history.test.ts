import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { openHistory, type RunRow } from '../../history/index.ts';
import { hil, suiteDir, type HilRun } from './hil.ts';
import { sandbox, type Sandbox } from './sandbox.ts';

t.setTimeout(180_000);

const runs = async (box: Sandbox, ...more: string[]): Promise<RunRow[]> => {
  const listed = await hil(['history', ...more, '--json'], { env: box.env });
  if (listed.code !== 0) throw new Error(listed.stderr);
  return (JSON.parse(listed.stdout) as { runs: RunRow[] }).runs;
};
const run = (box: Sandbox, out: string, env: Readonly<Record<string, string>> = {}): Promise<HilRun> => hil(['run', suiteDir, '--device', 'host', '--out', path.join(box.dir, out), '--quiet'], { env: { ...box.env, ...env } });
/** A server that is not there. */
const GONE = 'postgres://bench:s3cret@127.0.0.1:1/hil';

t.test('a run lands, is listed and shown, exported and imported elsewhere', async (t) => {
  const box = sandbox(t);
  t.equal((await run(box, 'first', { HIL_BENCH: 'rack-a' })).code, 0);
  const check = await hil(['check', path.join(suiteDir, 'model/engine_rom_int8.tflite'), '--device', 'host', '--samples', '2', '--out', path.join(box.dir, 'second'), '--quiet'], { env: box.env });
  t.equal(check.code, 0, check.stderr);
  const listed = await runs(box);
  t.same(listed.map(({ suite, verdict, devices, counts }) => [suite, verdict, devices, counts]), [['engine_rom_int8', 'pass', ['host'], { pass: 1 }], ['engine-rom', 'pass', ['host'], { pass: 1 }]]);
  t.match(listed[1], { dir: path.join(box.dir, 'first'), source: { bench: 'rack-a' } });
  t.same((await runs(box, '--suite', 'engine-*', '--device', 'host', '--since', '1h')).map(({ suite }) => suite), ['engine-rom']);
  t.same(await runs(box, '--verdict', 'fail'), []);

  const table = await hil(['history'], { env: box.env });
  t.equal(table.code, 0);
  t.match(table.stdout, /^run +verdict +suite +devices +cases +commit\n\S+ +pass +engine_rom_int8 +host +1 of 1 ok/);
  t.ok(table.stdout.split('\n').every((line) => line.length <= 100), 'fits 100 columns');

  const shown = await hil(['history', 'show', listed[1]?.id ?? '', '--report', path.join(box.dir, 'again')], { env: box.env });
  t.equal(shown.code, 0, shown.stderr);
  t.equal(readFileSync(path.join(box.dir, 'again/report.json'), 'utf8') === readFileSync(path.join(box.dir, 'first/report.json'), 'utf8'), true, 'the report is kept as it was');
  t.match((await hil(['history', 'show', listed[1]?.key.slice(0, 10) ?? ''], { env: box.env })).stdout, /engine-rom on host +pass[\s\S]*latency +[\d.]+ +us +approximate +noisy/);
  t.match(await hil(['history', 'show', 'nothing'], { env: box.env }), { code: 2, stderr: /there is no run nothing/ });

  const file = path.join(box.dir, 'all.ndjson.gz');
  t.match(await hil(['history', 'export', '--out', file], { env: box.env }), { code: 0, stdout: /^2 runs written/ });
  t.equal((await hil(['history', 'export', '--out', '-'], { env: box.env })).stdout.trimEnd().split('\n').length, 2);
  const other = { ...box.env, HIL_HISTORY: path.join(box.dir, 'other/history.sqlite') };
  t.match(await hil(['history', 'import', file, path.join(box.dir, 'first')], { env: other }), { code: 0, stdout: /^2 new, 1 known already; history / });
  writeFileSync(path.join(box.dir, 'bad.ndjson'), '{}\n');
  t.match(await hil(['history', 'import', path.join(box.dir, 'bad.ndjson')], { env: other }), { code: 2, stderr: /bad\.ndjson, line 1: / });
  t.same(box.leftovers(), []);
});

t.test('what cannot be meant is refused', async (t) => {
  const box = sandbox(t);
  for (const [args, why] of [[['--since', 'soon'], /--since: expected/],
    [['export', '--out', 'x.doc'], /expected a name that ends in/], [['export', '--out', 'x.ndjson', '--table', 'runs'], /--table/], [['export', '--out', 'x.csv'], /no run in the history/]] as const) {
    t.match(await hil(['history', ...args], { env: box.env }), { code: 2, stderr: why }, args.join(' '));
  }
  t.match(await hil(['history'], { env: { ...box.env, HIL_HISTORY: 'off' } }), { code: 2, stderr: /HIL_HISTORY is off/ });
  t.match(await hil(['history'], { env: { ...box.env, HIL_HISTORY: GONE } }), { code: 4, stderr: /postgres:\/\/bench@127\.0\.0\.1:1\/hil: .*ECONNREFUSED/ });
});

t.test('a history that cannot be reached changes no verdict; the run waits, and the next one lands it', async (t) => {
  const box = sandbox(t);
  const spool = path.join(box.dir, 'home/spool');
  const first = await run(box, 'first', { HIL_HISTORY: GONE });
  t.match(first, { code: 0, stderr: /not in the history yet.*postgres:\/\/bench@127\.0\.0\.1:1\/hil[\s\S]*waits in .*spool/ });
  t.notMatch(first.stdout + first.stderr + readFileSync(path.join(box.dir, 'first/report.json'), 'utf8'), /s3cret/);
  t.match(readdirSync(spool), [/^[0-9a-f]{64}\.json\.gz$/]);
  writeFileSync(path.join(spool, `${'a'.repeat(64)}.json.gz`), 'not a run');
  t.same(await runs(box), []);
  // Two at once: what waits is landed once.
  const both = await Promise.all([run(box, 'second'), run(box, 'third')]);
  t.same(both.map(({ code }) => code), [0, 0]);
  t.same((await runs(box)).map(({ dir }) => path.basename(dir ?? '')).sort(), ['first', 'second', 'third']);
  t.same(readdirSync(spool), [`${'a'.repeat(64)}.json.gz.bad`], 'what cannot be read is put aside');
  t.match(both.map(({ stderr }) => stderr).join(''), /cannot be read: .*\.bad/);
});

t.test('only where the run can be kept nowhere a pass is none', async (t) => {
  const box = sandbox(t);
  mkdirSync(path.join(box.dir, 'home'), { recursive: true });
  writeFileSync(path.join(box.dir, 'home/spool'), 'a file in its place');
  t.match(await run(box, 'first', { HIL_HISTORY: GONE }), { code: 4, stderr: /cannot wait in .*spool either[\s\S]*hil history import/ });
  t.match(await run(box, 'off', { HIL_HISTORY: 'off' }), { code: 0, stderr: '' }, 'none is kept where that is asked for');
});

t.test('runs that end badly land with their real verdict', async (t) => {
  const box = sandbox(t);
  const stopped = await hil(['run', suiteDir, '--device', 'host', '--out', path.join(box.dir, 'stopped'), '--quiet', '--timeout-ms', '1'], { env: box.env });
  t.ok([4, 130].includes(stopped.code ?? 0), `exit ${stopped.code}`);
  const history = await openHistory(path.join(box.dir, 'home/history.sqlite'));
  t.teardown(() => history.close());
  t.same((await history.runs({})).map(({ verdict }) => verdict), [(JSON.parse(readFileSync(path.join(box.dir, 'stopped/report.json'), 'utf8')) as { verdict: string }).verdict]);
  t.same(await history.points({}), [], 'and no figure is believed');
});
