import { HilError } from '../../errors.ts';
import type { Database, Sql } from '../sql/database.ts';
import { MIGRATIONS, type Migration } from './migrations.ts';

/**
 * Brings a database to the newest schema, in one transaction: another process that opens it meanwhile waits, and finds it done.
 * @throws HilError 'bench' history.newer (written by a newer hil), history.not-a-history (a SQLite file of something else)
 */
export async function migrate(database: Database, migrations: readonly Migration[] = MIGRATIONS): Promise<void> {
  const newest = migrations.at(-1)?.version ?? 0;
  if (await versionOf(database, database.where, newest) === newest) return;
  await database.transaction(async (sql) => {
    const version = await versionOf(sql, database.where, newest);
    if (version === 0) await sql.all(`CREATE TABLE hil_schema (version ${sql.dialect.types.whole} NOT NULL)`);
    for (const step of migrations.filter((one) => one.version > version)) {
      await step.run(sql);
      await sql.all('DELETE FROM hil_schema');
      await sql.all('INSERT INTO hil_schema (version) VALUES (?)', [step.version]);
    }
  });
}

/** 0: empty. */
async function versionOf(sql: Sql, where: string, newest: number): Promise<number> {
  const tables = (await sql.all(sql.dialect.tables)).map(({ name }) => name);
  if (!tables.includes('hil_schema')) {
    if (sql.dialect.name === 'sqlite' && tables.length > 0) {
      throw new HilError('bench', 'history.not-a-history', `${where} is a database of something else: it has the table ${String(tables[0])}`, { hint: 'Name another file in HIL_HISTORY.' });
    }
    return 0;
  }
  const [row] = await sql.all('SELECT version FROM hil_schema');
  const version = Number(row?.['version'] ?? Number.NaN);
  if (!Number.isInteger(version) || version < 1) throw new HilError('bench', 'history.damaged', `the history ${where} does not tell the version of its schema`, { hint: 'Restore it from a copy.' });
  if (version > newest) {
    throw new HilError('bench', 'history.newer', `the history ${where} was written by a newer hil: its schema is version ${version}, this hil knows ${newest}`,
      { hint: 'Update hil on this computer, or name another file in HIL_HISTORY.' });
  }
  return version;
}
