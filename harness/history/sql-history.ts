import { createHash } from 'node:crypto';
import { HilError } from '../errors.ts';
import type { Report } from '../report/index.ts';
import { toFileForm } from '../report/index.ts';
import { unpackReport } from './canonical.ts';
import type { Baseline, CaseRow, ExportedRun, History, LayerRow, MetricPoint, NewRun, RunFilter, RunRow } from './history.ts';
import { Landing } from './land.ts';
import { readPoints } from './read-points.ts';
import { CASE_SELECTION, LAYER_SELECTION, RUN_SELECTION, toBaseline, toCase, toLayer, toRun } from './read-rows.ts';
import { storedName, storedText } from './rows-of-run.ts';
import { Conditions, ofCase, ofKey, runsMeant } from './select.ts';
import type { Database } from './sql/database.ts';

const PRUNED_AT_A_TIME = 100;

/** The history in a database, whichever it is. */
export class SqlHistory implements History {
  readonly where: string;
  readonly #database: Database;
  readonly #landing: Landing;

  constructor(database: Database) {
    this.#database = database;
    this.where = database.where;
    this.#landing = new Landing(database);
  }

  add(run: NewRun): Promise<{ readonly key: string; readonly added: boolean }> {
    return this.#landing.land(run);
  }

  async runs(filter: RunFilter): Promise<RunRow[]> {
    const meant = runsMeant(filter, this.#database.dialect);
    return (await this.#database.all(`SELECT ${RUN_SELECTION} FROM hil_runs r WHERE ${meant.text} ORDER BY r.started_at DESC, r.key DESC`, meant.parameters)).map(toRun);
  }

  async cases(filter: RunFilter): Promise<CaseRow[]> {
    const { text, parameters } = this.#casesMeant(filter);
    return (await this.#database.all(`SELECT ${CASE_SELECTION} FROM hil_runs r JOIN hil_cases c ON c.run = r.id WHERE ${text} ORDER BY r.started_at DESC, r.key DESC, c.idx`, parameters)).map(toCase);
  }

  points(filter: RunFilter, metric?: string): Promise<MetricPoint[]> {
    return readPoints(this.#database, filter, metric);
  }

  async layers(filter: RunFilter): Promise<LayerRow[]> {
    const { text, parameters } = this.#casesMeant(filter);
    return (await this.#database.all(`SELECT ${LAYER_SELECTION} FROM hil_runs r JOIN hil_cases c ON c.run = r.id JOIN hil_layers l ON l.run = c.run AND l.idx = c.idx
      JOIN hil_layer_names n ON n.id = l.named WHERE ${text} ORDER BY r.started_at, r.key, c.idx, l.layer`, parameters)).map(toLayer);
  }

  async report(key: string): Promise<Report | null> {
    const meant = ofKey(new Conditions(), key);
    const found = await this.#database.all(`SELECT r.id, r.key FROM hil_runs r WHERE ${meant.text} LIMIT 2`, meant.parameters);
    if (found.length > 1) {
      throw new HilError('config', 'history.ambiguous', `several runs are called ${key}: ${found.map((row) => String(row['key']).slice(0, 16)).join(', ')}, ...`, { hint: 'Give more digits of the key.' });
    }
    const [row] = found;
    return row === undefined ? null : this.#reportOf(row['id'] as number);
  }

  async baselines(): Promise<Baseline[]> {
    return (await this.#database.all('SELECT * FROM hil_baselines ORDER BY accepted_at DESC, digest')).map(toBaseline);
  }

  async accept(baseline: Omit<Baseline, 'acceptedAt'> & { readonly acceptedAt?: string }): Promise<void> {
    if (!Number.isFinite(baseline.value)) throw new HilError('config', 'history.no-figure', `${baseline.value} cannot be accepted as a figure`);
    const row = [storedName(baseline.suite), storedName(baseline.case), storedName(baseline.device), storedName(baseline.metric), storedName(baseline.likeness), baseline.value, storedName(baseline.unit),
      storedName(baseline.run), baseline.commit === null ? null : storedName(baseline.commit), storedText(baseline.reason), storedName(baseline.by), baseline.acceptedAt ?? new Date().toISOString()];
    const digest = createHash('sha256').update(JSON.stringify(row)).digest('hex').slice(0, 32);
    await this.#database.transaction((sql) => sql.all(`INSERT INTO hil_baselines (digest, suite, name, device, metric, likeness, value, unit, run_key, commit_id, reason, accepted_by, accepted_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (digest) DO NOTHING`, [digest, ...row]));
  }

  async* export(filter: RunFilter): AsyncIterable<ExportedRun> {
    const meant = runsMeant(filter, this.#database.dialect);
    const rows = await this.#database.all(`SELECT r.id, r.key, r.dir FROM hil_runs r WHERE ${meant.text} ORDER BY r.started_at, r.key`, meant.parameters);
    const baselines = Map.groupBy(await this.baselines(), ({ run }) => run);
    for (const row of rows) {
      const key = row['key'] as string;
      const report = await this.#reportOf(row['id'] as number);
      // Deleted since the list was made.
      if (report === null) continue;
      const accepted = baselines.get(key);
      yield { schema: 'hil-history/1', key, dir: row['dir'] as string | null, report: toFileForm(report), ...(accepted === undefined ? {} : { baselines: accepted }) };
    }
  }

  async prune(beforeMs: number, { dry = false, keep = new Set(), signal }: { readonly dry?: boolean; readonly keep?: ReadonlySet<string>; readonly signal?: AbortSignal } = {}): Promise<{ readonly deleted: number; readonly kept: number }> {
    const old = await this.#database.all('SELECT r.id, r.key, EXISTS (SELECT 1 FROM hil_baselines b WHERE b.run_key = r.key) AS accepted FROM hil_runs r WHERE r.started_at < ? ORDER BY r.started_at', [beforeMs]);
    const ids = old.filter(({ accepted, key }) => !accepted && !keep.has(key as string)).map((row) => row['id'] as number);
    const result = { deleted: ids.length, kept: old.length - ids.length };
    if (dry || ids.length === 0) return result;
    // A bit at a time: runs that end meanwhile land between.
    for (let first = 0; first < ids.length; first += PRUNED_AT_A_TIME) {
      signal?.throwIfAborted();
      const some = ids.slice(first, first + PRUNED_AT_A_TIME);
      await this.#database.all(`DELETE FROM hil_runs WHERE id IN (${some.map(() => '?').join(', ')})`, some);
    }
    await this.#database.compact();
    return result;
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  async #reportOf(id: number): Promise<Report | null> {
    const [row] = await this.#database.all('SELECT gzip FROM hil_reports WHERE run = ?', [id]);
    return row === undefined ? null : unpackReport(row['gzip'] as Uint8Array, this.where);
  }

  #casesMeant(filter: RunFilter): { readonly text: string; readonly parameters: Conditions['parameters'] } {
    const runs = runsMeant(filter, this.#database.dialect);
    const cases = ofCase(filter, this.#database.dialect);
    return { text: `${runs.text} AND ${cases.text}`, parameters: [...runs.parameters, ...cases.parameters] };
  }
}
