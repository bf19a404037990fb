/** What the history needs of a database: SQLite (one file) and PostgreSQL are two. */
export type SqlValue = string | number | Uint8Array | null;
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** Statements with ? for parameters. Whole numbers come back as numbers, byte strings as Uint8Array. */
export interface Sql {
  readonly dialect: Dialect;
  /** @throws HilError 'bench' history.* */
  all(statement: string, parameters?: readonly SqlValue[]): Promise<SqlRow[]>;
}

export interface Database extends Sql {
  /** For messages: the file, or the server without its password. */
  readonly where: string;
  /**
   * Runs statements as one: all of them last, or none. Writers go one after the other, also those of other processes; `work` may be
   * called again where the database asked for that.
   */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** Gives the space of deleted rows back, where the database does not do that by itself. */
  compact(): Promise<void>;
  close(): Promise<void>;
}

/** Where the two languages differ. */
export interface Dialect {
  readonly name: 'sqlite' | 'postgres';
  /** Types, by their name in the migrations. Text compares byte by byte in both. */
  readonly types: Readonly<Record<'id' | 'whole' | 'real' | 'text' | 'bytes', string>>;
  /** Behind a table whose primary key is its only order. */
  readonly keyedTable: string;
  /** A condition that holds where `column` matches a glob of * and ?, and its parameter. */
  glob(column: string, pattern: string): { readonly condition: string; readonly parameter: string };
  /** Lists the names of all tables as `name`. */
  readonly tables: string;
}

/** Rows into a table, in as few statements as the databases' limits on parameters allow. @param onConflict e.g. 'ON CONFLICT DO NOTHING' */
export async function insertRows(sql: Sql, table: string, columns: readonly string[], rows: readonly (readonly SqlValue[])[], onConflict = ''): Promise<void> {
  const most = Math.floor(MOST_PARAMETERS / columns.length);
  const one = `(${columns.map(() => '?').join(', ')})`;
  for (let first = 0; first < rows.length; first += most) {
    const some = rows.slice(first, first + most);
    await sql.all(`INSERT INTO ${table} (${columns.join(', ')}) VALUES ${some.map(() => one).join(', ')} ${onConflict}`, some.flat());
  }
}

/** SQLite takes 32 766, PostgreSQL 65 535. */
const MOST_PARAMETERS = 8000;
