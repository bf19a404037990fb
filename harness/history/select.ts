import type { RunFilter } from './history.ts';
import { storedName } from './rows-of-run.ts';
import type { Dialect, SqlValue } from './sql/database.ts';

/** Conditions that must all hold, with what their question marks stand for. */
export class Conditions {
  readonly #parts: string[] = [];
  readonly parameters: SqlValue[] = [];

  add(condition: string, ...parameters: readonly SqlValue[]): this {
    this.#parts.push(condition);
    this.parameters.push(...parameters);
    return this;
  }

  get some(): boolean {
    return this.#parts.length > 0;
  }

  /** 'TRUE' where there is none. */
  get text(): string {
    return this.#parts.length === 0 ? 'TRUE' : this.#parts.map((part) => `(${part})`).join(' AND ');
  }
}

/** What a filter asks of the run itself; its table is `r`. */
function ofRun(filter: RunFilter, dialect: Dialect): Conditions {
  const all = new Conditions();
  if (filter.run !== undefined) ofKey(all, filter.run);
  if (filter.commit !== undefined) startsWith(all, 'r.commit_id', filter.commit, LEAST_COMMIT);
  if (filter.branch !== undefined) all.add('r.branch = ?', storedName(filter.branch));
  if (filter.pullRequest !== undefined) all.add('r.pull_request = ?', filter.pullRequest);
  if (filter.suite !== undefined) matches(all, 'r.suite', filter.suite, dialect);
  if (filter.bench !== undefined) all.add('r.bench = ?', storedName(filter.bench));
  if (filter.sinceMs !== undefined) all.add('r.started_at >= ?', filter.sinceMs);
  if (filter.untilMs !== undefined) all.add('r.started_at < ?', filter.untilMs);
  return all;
}

/** What a filter asks of a case; its table is `c`. */
export function ofCase(filter: RunFilter, dialect: Dialect): Conditions {
  const all = new Conditions();
  if (filter.case !== undefined) matches(all, 'c.name', filter.case, dialect);
  if (filter.device !== undefined) matches(all, 'c.device', filter.device, dialect);
  if (filter.generator !== undefined) all.add('c.generator_name = ? OR c.generator = ?', storedName(filter.generator), storedName(filter.generator));
  if (filter.model !== undefined) startsWith(all, 'c.model_sha256', filter.model, 1);
  if (filter.verdict !== undefined) all.add('c.verdict = ?', filter.verdict);
  return all;
}

/** What a filter asks of the series that points belong to (table `s`), as far as those tell: it spares most of the rows. */
export function ofSeries(filter: RunFilter, metric: string | undefined, dialect: Dialect): Conditions {
  const all = new Conditions();
  if (metric !== undefined) all.add('s.metric = ?', storedName(metric));
  if (filter.suite !== undefined) matches(all, 's.suite', filter.suite, dialect);
  if (filter.case !== undefined) matches(all, 's.name', filter.case, dialect);
  if (filter.device !== undefined) matches(all, 's.device', filter.device, dialect);
  return all;
}

/**
 * Conditions under which a run (table `r`) is meant. A run is meant by a verdict where a case of it has that verdict, or where it
 * has that itself: one that was interrupted early has no case.
 */
export function runsMeant(filter: RunFilter, dialect: Dialect): Conditions {
  const all = ofRun(filter, dialect);
  const cases = ofCase(filter, dialect);
  if (cases.some) {
    const exists = `EXISTS (SELECT 1 FROM hil_cases c WHERE c.run = r.id AND ${cases.text})`;
    const { case: name, device, generator, model, verdict } = filter;
    if (verdict !== undefined && [name, device, generator, model].every((one) => one === undefined)) all.add(`${exists} OR r.verdict = ?`, ...cases.parameters, verdict);
    else all.add(exists, ...cases.parameters);
  }
  if (filter.limit === undefined) return all;
  return new Conditions().add(`r.id IN (SELECT id FROM hil_runs r WHERE ${all.text} ORDER BY r.started_at DESC, r.key DESC LIMIT ?)`, ...all.parameters, filter.limit);
}

const LEAST_COMMIT = 4;
const LEAST_KEY = 8;
const WHOLE_KEY = 64;

/** A run by its id, its key, or the first digits of that. */
export function ofKey(all: Conditions, run: string): Conditions {
  const key = run.toLowerCase();
  if (key.length === WHOLE_KEY && /^[0-9a-f]+$/.test(key)) return all.add('r.key = ?', key);
  if (key.length < LEAST_KEY || !/^[0-9a-f]+$/.test(key)) return all.add('r.run_id = ?', storedName(run));
  return all.add('r.run_id = ? OR (r.key >= ? AND r.key < ?)', storedName(run), key, `${key}g`);
}

/** Hex digits at the beginning, so that the index helps: 'g' comes after all of them. */
function startsWith(all: Conditions, column: string, text: string, least: number): void {
  const digits = storedName(text.toLowerCase());
  if (digits.length < least) all.add(`${column} = ?`, digits);
  else all.add(`${column} >= ? AND ${column} < ?`, digits, `${digits}g`);
}

function matches(all: Conditions, column: string, pattern: string, dialect: Dialect): void {
  const stored = storedName(pattern);
  if (!/[*?]/.test(stored)) {
    all.add(`${column} = ?`, stored);
    return;
  }
  const { condition, parameter } = dialect.glob(column, stored);
  all.add(condition, parameter);
}
