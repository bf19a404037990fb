import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { HilError } from '../errors.ts';
import { caseReport, report } from '../report/testing/sample-reports.ts';
import { openHistory } from './index.ts';
import { serverName, withoutPassword } from './sql/server-name.ts';
import { backEnds } from './testing/back-ends.ts';

t.setTimeout(120_000);
const ends = await backEnds(t);
const server = ends.find(({ name }) => name === 'postgres')?.server ?? null;
const dir = mkdtempSync(path.join(tmpdir(), 'hil-failures-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));

/** What opening it, and landing a run, ends with. */
async function failure(where: string, patienceMs?: number): Promise<HilError> {
  try {
    const history = await openHistory(where, patienceMs);
    await history.add({ report: report([]), dir: null }).finally(() => history.close());
  } catch (error) {
    if (error instanceof HilError) return error;
    throw error;
  }
  throw new Error(`${where} did not fail`);
}

/** Mounts that only the child sees; not everyone may make them. */
const noMounts = ((): string | false => {
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', dir], { stdio: 'ignore' });
    return false;
  } catch {
    return 'needs the right to mount a tmpfs';
  }
})();

/** Writers on a disk of their own. @returns what they said */
function onDisk(options: string, script: string): string {
  const writer = fileURLToPath(new URL('testing/land-until.ts', import.meta.url));
  return execFileSync('unshare', ['-m', 'sh', '-c', `mount -t tmpfs -o ${options} tmpfs "$1" && cd "$1" && ${script}`, 'sh', dir, process.execPath, writer], { encoding: 'utf8' });
}

t.test('a full disk: one error, and what was kept is there', { skip: noMounts }, async (t) => {
  const said = onDisk('size=2m', '"$2" "$3" "$1/h.sqlite" 10000; "$2" "$3" "$1/h.sqlite" 0');
  t.match(said, /^kept \d+, then bench history\.(full|disk): the history .*h\.sqlite: /, said);
  const [kept = 0, found = -1] = [/^kept (\d+)/, /there are (\d+)/].map((pattern) => Number(pattern.exec(said)?.[1]));
  t.ok(kept > 5, `${kept} runs`);
  t.equal(found, kept);
});

t.test('a disk that cannot be written', { skip: noMounts }, async (t) => {
  t.match(onDisk('size=8m', '"$2" "$3" "$1/h.sqlite" 3 && mount -o remount,ro "$1" && "$2" "$3" "$1/h.sqlite" 1'), /^kept 3\nthere are 3\nkept 0, then bench history\.(read-only|cannot-open): /);
});

t.test('a history that another process keeps locked', async (t) => {
  const file = path.join(dir, 'locked.sqlite');
  await (await openHistory(file)).close();
  const other = new DatabaseSync(file);
  other.exec('BEGIN IMMEDIATE');
  t.match(await failure(file, 300), { kind: 'bench', code: 'history.locked' });
  other.exec('ROLLBACK');
  other.close();
});

t.test('a damaged file', async (t) => {
  const file = path.join(dir, 'damaged.sqlite');
  const history = await openHistory(file);
  for (let n = 0; n < 30; n++) await history.add({ report: report([], { verdict: 'interrupted', suite: { name: `suite ${n}`, description: 'x'.repeat(2000), file: null } }), dir: null });
  await history.close();
  const bytes = readFileSync(file);
  t.ok(bytes.length > 3 * 4096);
  writeFileSync(file, bytes.fill(0x5a, 4096));
  t.match(await failure(file), { kind: 'bench', code: 'history.damaged' });
});

t.test('a server that is not there, or does not answer', async (t) => {
  const silent = createServer((socket) => socket.on('error', () => undefined).resume()).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as { port: number };
  const quiet = await failure(`postgres://me:s3cret@127.0.0.1:${port}/hil`, 400);
  t.match(quiet, { kind: 'bench', code: 'history.unreachable', message: /postgres:\/\/me@127\.0\.0\.1/ });
  silent.close();
  await once(silent, 'close');
  const gone = await failure(`postgres://me:s3cret@127.0.0.1:${port}/hil`);
  t.match(gone, { kind: 'bench', code: 'history.unreachable', message: /ECONNREFUSED/ });
  for (const { message, hint, facts } of [quiet, gone]) t.notMatch(`${message} ${hint} ${JSON.stringify(facts)}`, /s3cret/);
});

t.test('a server that does not let us in', { skip: server === null ? 'no PostgreSQL here' : process.env['HIL_TEST_POSTGRES'] === undefined ? false : 'a server that was given keeps its roles' }, async (t) => {
  if (server === null) return;
  const where = await server.place();
  const wrong = await failure(where.replace(server.password, 'wr0ng'));
  t.match(wrong, { kind: 'bench', code: 'history.refused' });
  t.notMatch(`${wrong.message} ${wrong.hint} ${JSON.stringify(wrong.facts)} ${String(wrong.cause)} ${wrong.stack}`, /wr0ng/);
  t.match(await failure(where.replace('/postgres?', '/nowhere?')), { code: 'history.no-database' });
  await server.run("CREATE ROLE reader LOGIN PASSWORD 'reader'");
  const poor = await failure(where.replace(/hil:[^@]*@/, 'reader:reader@'));
  t.match(poor, { kind: 'bench', code: /^history\.(no-rights|failed)$/ });
});

t.test('the roles of docs/history.md: benches add and read, viewers read', { skip: server === null ? 'no PostgreSQL here' : process.env['HIL_TEST_POSTGRES'] === undefined ? false : 'a server that was given keeps its roles' }, async (t) => {
  if (server === null) return;
  const where = await server.place();
  const schema = /search_path%3D(\w+)/.exec(where)?.[1];
  const owner = await openHistory(where);
  t.teardown(() => owner.close());
  await server.run(`CREATE ROLE hil_bench LOGIN PASSWORD 'bench'; CREATE ROLE hil_viewer LOGIN PASSWORD 'viewer';
    GRANT USAGE ON SCHEMA ${schema} TO hil_bench, hil_viewer; GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO hil_bench, hil_viewer; GRANT INSERT ON ALL TABLES IN SCHEMA ${schema} TO hil_bench`);
  const [bench, viewer] = [await openHistory(where.replace(/hil:[^@]*@/, 'hil_bench:bench@')), await openHistory(where.replace(/hil:[^@]*@/, 'hil_viewer:viewer@'))];
  t.teardown(() => Promise.all([bench.close(), viewer.close()]));
  t.equal((await bench.add({ report: report([caseReport()]), dir: null })).added, true);
  await t.rejects(bench.prune(Date.now()), { kind: 'bench', code: 'history.no-rights' });
  t.equal((await viewer.points({})).length > 10, true);
  await t.rejects(viewer.add({ report: report([]), dir: null }), { kind: 'bench', code: 'history.no-rights' });
  t.equal((await owner.runs({})).length, 1);
});

t.test('URLs: what may be shown of them, and which are refused', async (t) => {
  t.equal(serverName('postgres://me:s3cret@db.example:6543/hil?sslmode=disable'), 'postgres://me@db.example:6543/hil');
  t.equal(serverName('postgres://me:s3cret@/hil?host=/run/pg'), 'postgres://me@/hil (socket in /run/pg)');
  t.equal(serverName('postgresql://db.example/hil?user=me&password=s3cret'), 'postgres://me@db.example:5432/hil');
  for (const url of ['postgres://me:s3/cret@db/hil', 'postgres://me:s3#cret@db/hil', 'postgres://me:s3?cret@db/hil', 'postgres://me:s3@cret@db/hil', 'postgres://me:s3%cret@db/hil', 'postgres://me:12/s3cret@db/hil', 'postgres://[me:s3cret@db']) {
    let shown = '';
    try {
      shown = serverName(url);
    } catch (error) {
      shown = `${String(error)} ${(error as HilError).hint} ${String((error as HilError).cause ?? '')}`;
      t.match(error, { kind: 'config', code: 'history.url' });
    }
    t.notMatch(shown, /s3|cret/, url);
  }
  t.equal(withoutPassword('no entry for a%2Fb or a/b at postgres://me:a%2Fb@/x', 'postgres://me:a%2Fb@/x'), 'no entry for *** or *** at ***');
});
