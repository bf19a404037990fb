import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import t from 'tap';
import { caseReport, failCase, report } from '../../report/testing/sample-reports.ts';
import { openHistory } from '../index.ts';
import { openPostgres } from '../sql/postgres.ts';
import { openSqlite } from '../sql/sqlite.ts';
import { SqlHistory } from '../sql-history.ts';
import { backEnds } from '../testing/back-ends.ts';
import { migrate } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';

t.setTimeout(120_000);
const dir = mkdtempSync(path.join(tmpdir(), 'hil-migrate-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
const ends = await backEnds(t);
const open = (where: string) => (where.startsWith('postgres:') ? openPostgres(where) : openSqlite(where));
const kept = report([caseReport(), failCase()]);

t.test('the steps are numbered without a gap', async (t) => {
  t.same(MIGRATIONS.map(({ version }) => version), MIGRATIONS.map((_step, at) => at + 1));
});

for (const { name, skip, place } of ends) {
  for (const { version } of MIGRATIONS.slice(0, -1)) {
    t.test(`a history of schema ${version} is brought to today's, and keeps its runs: ${name}`, { skip }, async (t) => {
      const where = await place();
      const old = await open(where);
      await migrate(old, MIGRATIONS.slice(0, version));
      t.same(await old.all('SELECT version FROM hil_schema'), [{ version }]);
      const { key } = await new SqlHistory(old).add({ report: kept, dir: '/was/here' });
      await old.close();
      const history = await openHistory(where);
      t.teardown(() => history.close());
      t.same((await history.runs({})).map((run) => [run.key, run.dir]), [[key, '/was/here']]);
      t.same(await history.report(key), kept);
      t.ok((await history.points({})).length > 10);
      t.same(await history.baselines(), [], 'what is new in it can be used');
      t.equal((await history.add({ report: kept, dir: null })).added, false);
    });
  }

  t.test(`a step that fails leaves nothing behind: ${name}`, { skip }, async (t) => {
    const database = await open(await place());
    t.teardown(() => database.close());
    await migrate(database, MIGRATIONS.slice(0, 1));
    const breaking = [...MIGRATIONS.slice(0, 1), { version: 2, what: 'breaks', run: async (sql: { all(text: string): Promise<unknown> }) => {
      await sql.all('CREATE TABLE hil_half (x INTEGER)');
      await sql.all('CREATE TABLE hil_half (x INTEGER)');
    } }];
    await t.rejects(migrate(database, breaking), { kind: 'bench', code: 'history.failed' });
    t.same(await database.all('SELECT version FROM hil_schema'), [{ version: 1 }]);
    t.notOk((await database.all(database.dialect.tables)).some((table) => table['name'] === 'hil_half'));
    await migrate(database);
    t.same(await database.all('SELECT version FROM hil_schema'), [{ version: MIGRATIONS.length }]);
  });

  t.test(`a newer schema is refused, and left alone: ${name}`, { skip }, async (t) => {
    const where = await place();
    const database = await open(where);
    t.teardown(() => database.close());
    await migrate(database);
    await database.all('UPDATE hil_schema SET version = ?', [MIGRATIONS.length + 1]);
    await t.rejects(openHistory(where), { kind: 'bench', code: 'history.newer', message: new RegExp(`version ${MIGRATIONS.length + 1}, this hil knows ${MIGRATIONS.length}`) });
    await database.all('DELETE FROM hil_schema');
    await t.rejects(openHistory(where), { kind: 'bench', code: 'history.damaged' });
  });

  t.test(`many open a new one at once: ${name}`, { skip }, async (t) => {
    const where = await place();
    const opened = await Promise.all(Array.from({ length: 6 }, () => openHistory(where)));
    t.teardown(() => Promise.all(opened.map((history) => history.close())));
    const added = await Promise.all(opened.map((history) => history.add({ report: kept, dir: null })));
    t.equal(added.filter((one) => one.added).length, 1);
    t.equal((await opened[0]?.runs({}))?.length, 1);
  });
}

t.test('a file that is no history is not touched', async (t) => {
  const text = path.join(dir, 'notes.txt');
  writeFileSync(text, 'These are notes, and no history. '.repeat(100));
  await t.rejects(openHistory(text), { kind: 'bench', code: 'history.not-a-history' });
  const other = path.join(dir, 'other.sqlite');
  const database = new DatabaseSync(other);
  database.exec('CREATE TABLE bookmarks (url TEXT)');
  database.close();
  await t.rejects(openHistory(other), { kind: 'bench', code: 'history.not-a-history', message: /bookmarks/ });
  await t.rejects(openHistory(dir), { kind: 'bench', code: 'history.cannot-open' });
});
