import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { HilError } from '../../errors.ts';
import type { Database, Dialect, Sql, SqlRow, SqlValue } from './database.ts';
import { OneAtATime } from './one-at-a-time.ts';

/** SQLite itself waits so long for a lock, in which nothing else of this process moves; */
const BUSY_MS = 200;
/** we ask again for so long before another process is said to hold the file. */
const LOCK_DEADLINE_MS = 60_000;

const BUSY = 5;
const LOCKED = 6;

const dialect: Dialect = {
  name: 'sqlite',
  types: { id: 'INTEGER PRIMARY KEY', whole: 'INTEGER', real: 'REAL', text: 'TEXT', bytes: 'BLOB' },
  keyedTable: 'WITHOUT ROWID',
  glob: (column, pattern) => ({ condition: `${column} GLOB ?`, parameter: pattern.replaceAll('[', '[[]') }),
  tables: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
};

/**
 * A file of SQLite, made where there is none. Write-ahead log and full sync: what was committed is there after a crash or a power cut.
 * @throws HilError 'bench' history.*
 */
export async function openSqlite(file: string, patienceMs: number = LOCK_DEADLINE_MS): Promise<Database> {
  let database: DatabaseSync | undefined;
  try {
    await mkdir(path.dirname(path.resolve(file)), { recursive: true });
    database = new DatabaseSync(file, { timeout: BUSY_MS });
    const opened = new SqliteDatabase(database, file, patienceMs);
    // The change to WAL needs the file alone for a moment; another process may be opening it too.
    await opened.patiently(() => { database?.exec('PRAGMA journal_mode = WAL'); });
    database.exec('PRAGMA synchronous = FULL');
    return opened;
  } catch (cause) {
    if (database?.isOpen === true) database.close();
    throw cause instanceof HilError ? cause : explained(cause, file);
  }
}

class SqliteDatabase implements Database {
  readonly where: string;
  readonly dialect = dialect;
  readonly #database: DatabaseSync;
  readonly #patienceMs: number;
  readonly #prepared = new Map<string, StatementSync>();
  /** One connection: what runs beside a transaction would run inside of it. */
  readonly #turns = new OneAtATime();

  constructor(database: DatabaseSync, where: string, patienceMs: number) {
    this.#database = database;
    this.where = where;
    this.#patienceMs = patienceMs;
  }

  all(statement: string, parameters: readonly SqlValue[] = []): Promise<SqlRow[]> {
    return this.#turns.take(() => this.patiently(() => this.#run(statement, parameters)));
  }

  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.#turns.take(async () => {
      await this.patiently(() => { this.#database.exec('BEGIN IMMEDIATE'); });
      try {
        const result = await work({ dialect, all: (statement, parameters = []) => this.patiently(() => this.#run(statement, parameters)) });
        await this.patiently(() => { this.#database.exec('COMMIT'); });
        return result;
      } catch (error) {
        // Some errors (a full disk) have rolled back already.
        if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  async compact(): Promise<void> {
    await this.#turns.take(() => this.patiently(() => { this.#database.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)'); }));
  }

  close(): Promise<void> {
    return this.#turns.take(async () => {
      this.#prepared.clear();
      if (this.#database.isOpen) this.#database.close();
    });
  }

  /** Asks again while another process has the lock. */
  async patiently<T>(work: () => T): Promise<T> {
    for (const deadline = performance.now() + this.#patienceMs; ;) {
      try {
        return work();
      } catch (error) {
        const code = codeOf(error) & 0xff;
        if ((code !== BUSY && code !== LOCKED) || performance.now() > deadline) throw explained(error, this.where);
        // Not in step with the others that wait.
        await sleep(5 + Math.random() * 40);
      }
    }
  }

  #run(statement: string, parameters: readonly SqlValue[]): SqlRow[] {
    const kept = this.#prepared.get(statement);
    const prepared = kept ?? this.#database.prepare(statement);
    if (kept === undefined && statement.length < LONGEST_KEPT) this.#prepared.set(statement, prepared);
    return prepared.all(...(parameters as SqlValue[])) as SqlRow[];
  }
}

/** Inserts of many rows differ in length, and would be kept for nothing. */
const LONGEST_KEPT = 2000;

const codeOf = (error: unknown): number => (error as { readonly errcode?: number }).errcode ?? 0;

/** SQLite's primary result codes, and what to do about them. */
const MEANINGS: Readonly<Record<number, readonly [code: string, what: string, hint: string]>> = {
  5: ['history.locked', 'another process has kept it locked', 'End what holds it, or try again.'],
  6: ['history.locked', 'another process has kept it locked', 'End what holds it, or try again.'],
  8: ['history.read-only', 'it cannot be written', 'Give this user the right to write the file and its folder, or name another file in HIL_HISTORY.'],
  10: ['history.disk', 'the disk refuses', 'Look at the disk; the runs that were said to be kept are.'],
  11: ['history.damaged', 'the file is damaged', 'Restore it from a copy, or move it away and import the runs again: hil history import reports.'],
  13: ['history.full', 'no space is left', 'Make room on the disk; the runs that were said to be kept are.'],
  14: ['history.cannot-open', 'it cannot be opened', 'Check the path and the rights, or name another file in HIL_HISTORY.'],
  26: ['history.not-a-history', 'it is no SQLite file', 'Name another file in HIL_HISTORY.'],
};

function explained(error: unknown, where: string): HilError {
  if (error instanceof HilError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const meaning = MEANINGS[codeOf(error) & 0xff];
  if (meaning !== undefined) return new HilError('bench', meaning[0], `the history ${where}: ${meaning[1]} (${message})`, { hint: meaning[2], cause: error });
  const hint = existsSync(where) ? 'Name another file in HIL_HISTORY, or HIL_HISTORY=off to keep none.' : 'Check the path and the rights, or name another file in HIL_HISTORY.';
  return new HilError('bench', 'history.failed', `the history ${where}: ${message}`, { hint, cause: error });
}
