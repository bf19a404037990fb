import type { History } from './history.ts';
import { isServer } from './place.ts';
import { migrate } from './schema/migrate.ts';
import type { Database } from './sql/database.ts';
import { SqlHistory } from './sql-history.ts';

/**
 * Opens the history, makes it where there is none, and brings an older one to today's schema.
 * @param patienceMs how long it may wait for a lock, a connection or an answer; default: as long as each sensibly takes
 * @param where a file, or postgres://user@host/database; see historyPlace()
 * @throws HilError 'bench' history.* where it cannot be opened or was written by a newer hil; 'config' history.url
 */
export async function openHistory(where: string, patienceMs?: number): Promise<History> {
  const database = await openDatabase(where, patienceMs);
  try {
    await migrate(database);
    return new SqlHistory(database);
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Only the driver that is needed is loaded. */
async function openDatabase(where: string, patienceMs: number | undefined): Promise<Database> {
  if (isServer(where)) return (await import('./sql/postgres.ts')).openPostgres(where, patienceMs);
  return (await import('./sql/sqlite.ts')).openSqlite(where, patienceMs);
}
