import type { Baseline, CaseRow, LayerRow, MetricPoint, RunRow } from './history.ts';
import type { SqlRow } from './sql/database.ts';

/** Rows of the database as the contract has them. */
const text = (row: SqlRow, column: string): string => row[column] as string;
const textOrNull = (row: SqlRow, column: string): string | null => row[column] as string | null;
const number = (row: SqlRow, column: string): number => row[column] as number;
const numberOrNull = (row: SqlRow, column: string): number | null => row[column] as number | null;

/** Of a run; its table is `r`. */
export const RUN_SELECTION = 'r.key, r.run_id, r.started_at, r.duration_ms, r.verdict, r.suite, r.hil_version, r.commit_id, r.committed_at, r.subject, r.branch, r.dirty, r.pull_request, r.job_url, r.bench, r.dir, r.devices, r.counts';

export function toRun(row: SqlRow): RunRow {
  return {
    key: text(row, 'key'), id: text(row, 'run_id'), startedAtMs: number(row, 'started_at'), durationMs: number(row, 'duration_ms'), verdict: text(row, 'verdict') as RunRow['verdict'],
    suite: text(row, 'suite'), hilVersion: text(row, 'hil_version'),
    source: {
      commit: textOrNull(row, 'commit_id'), committedAt: textOrNull(row, 'committed_at'), subject: textOrNull(row, 'subject'), branch: textOrNull(row, 'branch'), dirty: row['dirty'] === 1,
      pullRequest: numberOrNull(row, 'pull_request'), jobUrl: textOrNull(row, 'job_url'), bench: text(row, 'bench'),
    },
    dir: textOrNull(row, 'dir'), devices: JSON.parse(text(row, 'devices')) as string[], counts: JSON.parse(text(row, 'counts')) as RunRow['counts'],
  };
}

/** Of a case (`c`) and its run (`r`). */
export const CASE_SELECTION = 'r.key, r.run_id, r.started_at, r.commit_id, r.suite, c.idx, c.name, c.device, c.device_kind, c.verdict, c.duration_ms, c.reason, c.end_code, c.retries, c.lost_ms, c.model_sha256, c.generator, c.image_sha256, c.culprit';

export function toCase(row: SqlRow): CaseRow {
  return {
    run: text(row, 'key'), runId: text(row, 'run_id'), startedAtMs: number(row, 'started_at'), commit: textOrNull(row, 'commit_id'), suite: text(row, 'suite'), index: number(row, 'idx'),
    name: text(row, 'name'), device: text(row, 'device'), deviceKind: text(row, 'device_kind'), verdict: text(row, 'verdict') as CaseRow['verdict'], durationMs: number(row, 'duration_ms'),
    reason: text(row, 'reason'), endCode: textOrNull(row, 'end_code'), retries: number(row, 'retries'), lostMs: number(row, 'lost_ms'), modelSha256: textOrNull(row, 'model_sha256'), generator: textOrNull(row, 'generator'),
    imageSha256: textOrNull(row, 'image_sha256'), culprit: textOrNull(row, 'culprit'),
  };
}

/** What the points of a series have in common, */
export type PointSeries = Pick<MetricPoint, 'suite' | 'case' | 'device' | 'metric' | 'unit' | 'quality' | 'exact' | 'better' | 'likeness' | 'likenessText'>;
/** and the points of a case in one run. */
export type PointSource = Pick<MetricPoint, 'run' | 'runId' | 'startedAtMs' | 'commit' | 'committedAtMs' | 'branch' | 'dirty' | 'modelSha256' | 'generator' | 'imageSha256' | 'hilVersion'>;

export function seriesOfRow(row: SqlRow): PointSeries {
  return {
    suite: text(row, 'suite'), case: text(row, 'name'), device: text(row, 'device'), metric: text(row, 'metric'), unit: text(row, 'unit'), quality: text(row, 'quality') as MetricPoint['quality'],
    exact: row['exact'] === 1, better: text(row, 'better') as MetricPoint['better'], likeness: text(row, 'likeness'), likenessText: text(row, 'likeness_text'),
  };
}

/** Of a case (`c`) and its run (`r`). */
export function sourceOfRow(row: SqlRow): PointSource {
  const committedAt = Date.parse(textOrNull(row, 'committed_at') ?? '');
  return {
    run: text(row, 'key'), runId: text(row, 'run_id'), startedAtMs: number(row, 'started_at'), commit: textOrNull(row, 'commit_id'), committedAtMs: Number.isNaN(committedAt) ? null : committedAt,
    branch: textOrNull(row, 'branch'), dirty: row['dirty'] === 1, modelSha256: textOrNull(row, 'model_sha256'), generator: textOrNull(row, 'generator'), imageSha256: textOrNull(row, 'image_sha256'), hilVersion: text(row, 'hil_version'),
  };
}

/** Of a layer (`l`), its names (`n`), its case (`c`) and its run (`r`). */
export const LAYER_SELECTION = 'r.key, r.started_at, r.commit_id, r.suite, c.name AS case_name, c.device, l.layer, n.op, n.name, n.unit, l.compared, l.mismatched, l.own_mismatched, l.max_abs_diff, l.cost';

export function toLayer(row: SqlRow): LayerRow {
  return {
    run: text(row, 'key'), startedAtMs: number(row, 'started_at'), commit: textOrNull(row, 'commit_id'), suite: text(row, 'suite'), case: text(row, 'case_name'), device: text(row, 'device'),
    layer: number(row, 'layer'), op: text(row, 'op'), name: text(row, 'name'), compared: number(row, 'compared'), mismatched: number(row, 'mismatched'), ownMismatched: numberOrNull(row, 'own_mismatched'),
    maxAbsDiff: numberOrNull(row, 'max_abs_diff'), cost: numberOrNull(row, 'cost'), unit: text(row, 'unit'),
  };
}

export function toBaseline(row: SqlRow): Baseline {
  return {
    suite: text(row, 'suite'), case: text(row, 'name'), device: text(row, 'device'), metric: text(row, 'metric'), likeness: text(row, 'likeness'), value: number(row, 'value'), unit: text(row, 'unit'),
    run: text(row, 'run_key'), commit: textOrNull(row, 'commit_id'), reason: text(row, 'reason'), by: text(row, 'accepted_by'), acceptedAt: text(row, 'accepted_at'),
  };
}
