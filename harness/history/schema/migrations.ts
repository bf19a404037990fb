import type { Dialect, Sql } from '../sql/database.ts';

/**
 * The steps from an empty database to today's. A step that has been published is never changed; what is new is a further step.
 * Tables begin with hil_, so that a server's database may hold others too.
 */
export interface Migration {
  readonly version: number;
  readonly what: string;
  run(sql: Sql): Promise<void>;
}

/** Statements in which {whole}, {text}, ... are the types of the database. */
async function statements(sql: Sql, all: readonly string[]): Promise<void> {
  for (const one of all) await sql.all(translated(one, sql.dialect));
}

function translated(statement: string, { types, keyedTable }: Dialect): string {
  return statement.replaceAll(/\{(\w+)\}/g, (_all, name: string) => (name === 'keyed' ? keyedTable : types[name as keyof Dialect['types']]));
}

export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1, what: 'runs, reports, cases, series, points, layers',
    run: (sql) => statements(sql, [
      `CREATE TABLE hil_runs (id {id}, key {text} NOT NULL UNIQUE, run_id {text} NOT NULL, started_at {whole} NOT NULL, duration_ms {real} NOT NULL,
        verdict {text} NOT NULL, suite {text} NOT NULL, hil_version {text} NOT NULL, commit_id {text}, committed_at {text}, subject {text}, branch {text}, dirty {whole} NOT NULL,
        pull_request {whole}, job_url {text}, bench {text} NOT NULL, dir {text}, devices {text} NOT NULL, counts {text} NOT NULL)`,
      'CREATE INDEX hil_runs_started ON hil_runs (started_at, id)',
      'CREATE INDEX hil_runs_run_id ON hil_runs (run_id)',
      'CREATE INDEX hil_runs_commit ON hil_runs (commit_id)',
      'CREATE TABLE hil_reports (run {whole} NOT NULL PRIMARY KEY REFERENCES hil_runs (id) ON DELETE CASCADE, gzip {bytes} NOT NULL)',
      `CREATE TABLE hil_cases (run {whole} NOT NULL REFERENCES hil_runs (id) ON DELETE CASCADE, idx {whole} NOT NULL, name {text} NOT NULL, device {text} NOT NULL, device_kind {text} NOT NULL,
        verdict {text} NOT NULL, duration_ms {real} NOT NULL, reason {text} NOT NULL, end_code {text}, retries {whole} NOT NULL, lost_ms {real} NOT NULL, model_sha256 {text}, generator_name {text}, generator {text},
        image_sha256 {text}, culprit {text}, PRIMARY KEY (run, idx)) {keyed}`,
      'CREATE INDEX hil_cases_name ON hil_cases (name, device)',
      'CREATE INDEX hil_cases_model ON hil_cases (model_sha256)',
      `CREATE TABLE hil_series (id {id}, digest {text} NOT NULL UNIQUE, suite {text} NOT NULL, name {text} NOT NULL, device {text} NOT NULL, metric {text} NOT NULL, unit {text} NOT NULL,
        quality {text} NOT NULL, exact {whole} NOT NULL, better {text} NOT NULL, likeness {text} NOT NULL, likeness_text {text} NOT NULL)`,
      `CREATE TABLE hil_points (series {whole} NOT NULL REFERENCES hil_series (id), run {whole} NOT NULL REFERENCES hil_runs (id) ON DELETE CASCADE, idx {whole} NOT NULL, value {real} NOT NULL,
        PRIMARY KEY (series, run, idx)) {keyed}`,
      'CREATE INDEX hil_points_run ON hil_points (run)',
      'CREATE TABLE hil_layer_names (id {id}, digest {text} NOT NULL UNIQUE, op {text} NOT NULL, name {text} NOT NULL, unit {text} NOT NULL)',
      `CREATE TABLE hil_layers (run {whole} NOT NULL REFERENCES hil_runs (id) ON DELETE CASCADE, idx {whole} NOT NULL, layer {whole} NOT NULL, named {whole} NOT NULL REFERENCES hil_layer_names (id),
        compared {whole} NOT NULL, mismatched {whole} NOT NULL, own_mismatched {whole}, max_abs_diff {real}, cost {real}, PRIMARY KEY (run, idx, layer)) {keyed}`,
    ]),
  },
  {
    version: 2, what: 'baselines that somebody has accepted',
    run: (sql) => statements(sql, [
      `CREATE TABLE hil_baselines (digest {text} NOT NULL PRIMARY KEY, suite {text} NOT NULL, name {text} NOT NULL, device {text} NOT NULL, metric {text} NOT NULL, likeness {text} NOT NULL,
        value {real} NOT NULL, unit {text} NOT NULL, run_key {text} NOT NULL, commit_id {text}, reason {text} NOT NULL, accepted_by {text} NOT NULL, accepted_at {text} NOT NULL)`,
      'CREATE INDEX hil_baselines_run ON hil_baselines (run_key)',
    ]),
  },
];
