import type { NewRun } from './history.ts';
import { canonicalReport, packReport } from './canonical.ts';
import { CASE_COLUMNS, caseRows, LAYER_COLUMNS, LAYER_NAME_COLUMNS, layersOf, POINT_COLUMNS, pointsOf, RUN_COLUMNS, runRow, SERIES_COLUMNS } from './rows-of-run.ts';
import { insertRows, type Database, type Sql, type SqlValue } from './sql/database.ts';

/** Ids of rows that are made once and then only pointed at, by their digest; kept, because every run of a suite brings the same. */
class Dictionary {
  readonly #ids = new Map<string, number>();
  readonly #table: string;
  readonly #columns: readonly string[];

  constructor(table: string, columns: readonly string[]) {
    this.#table = table;
    this.#columns = columns;
  }

  /**
   * The ids of rows whose first column is the digest. They are to be remembered (see `keep`) only when the transaction has lasted.
   */
  async ids(sql: Sql, rows: readonly (readonly SqlValue[])[]): Promise<Map<string, number>> {
    const wanted = new Map(rows.map((row) => [row[0] as string, row]));
    const found = new Map<string, number>();
    for (const digest of wanted.keys()) {
      const id = this.#ids.get(digest);
      if (id !== undefined) found.set(digest, id);
    }
    const unknown = [...wanted].filter(([digest]) => !found.has(digest));
    await insertRows(sql, this.#table, this.#columns, unknown.map(([, row]) => row), 'ON CONFLICT (digest) DO NOTHING');
    for (let first = 0; first < unknown.length; first += AT_A_TIME) {
      const digests = unknown.slice(first, first + AT_A_TIME).map(([digest]) => digest);
      for (const row of await sql.all(`SELECT id, digest FROM ${this.#table} WHERE digest IN (${digests.map(() => '?').join(', ')})`, digests)) found.set(row['digest'] as string, row['id'] as number);
    }
    return found;
  }

  keep(ids: ReadonlyMap<string, number>): void {
    if (this.#ids.size > MOST_KEPT) this.#ids.clear();
    for (const [digest, id] of ids) this.#ids.set(digest, id);
  }
}

const AT_A_TIME = 1000;
const MOST_KEPT = 100_000;

export class Landing {
  readonly #database: Database;
  readonly #series = new Dictionary('hil_series', SERIES_COLUMNS);
  readonly #layerNames = new Dictionary('hil_layer_names', LAYER_NAME_COLUMNS);

  constructor(database: Database) {
    this.#database = database;
  }

  /** Puts a run with all that is told of it into the tables, in one transaction. @throws HilError */
  async land({ report, dir }: NewRun): Promise<{ readonly key: string; readonly added: boolean }> {
    const { key, bytes } = canonicalReport(report);
    const row = runRow(key, report, dir);
    const points = pointsOf(report);
    const layers = layersOf(report);
    const packed = await packReport(bytes);
    let kept: (() => void) | null = null;
    const added = await this.#database.transaction(async (sql) => {
      const [inserted] = await sql.all(`INSERT INTO hil_runs (${RUN_COLUMNS.join(', ')}) VALUES (${RUN_COLUMNS.map(() => '?').join(', ')}) ON CONFLICT (key) DO NOTHING RETURNING id`, row);
      if (inserted === undefined) return false;
      const run = inserted['id'] as number;
      await insertRows(sql, 'hil_reports', ['run', 'gzip'], [[run, packed]]);
      await insertRows(sql, 'hil_cases', CASE_COLUMNS, caseRows(run, report));
      const series = await this.#series.ids(sql, points.map((point) => point.series));
      await insertRows(sql, 'hil_points', POINT_COLUMNS, points.map((point) => [series.get(point.series[0] as string) as number, run, point.index, point.value]));
      const names = await this.#layerNames.ids(sql, layers.map(({ named }) => named));
      await insertRows(sql, 'hil_layers', LAYER_COLUMNS, layers.map(({ index, named, figures: [layer = 0, ...rest] }) => [run, index, layer, names.get(named[0] as string) as number, ...rest]));
      kept = () => {
        this.#series.keep(series);
        this.#layerNames.keep(names);
      };
      return true;
    });
    (kept as (() => void) | null)?.();
    return { key, added };
  }
}
