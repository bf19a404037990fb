import type { CaseRow, History, LayerRow, MetricPoint, RunFilter, RunRow } from '../history.ts';

/** What a column of an exported table holds; 'time' is ms since 1970 UTC. */
export type ColumnType = 'text' | 'real' | 'whole' | 'flag' | 'time';
export type Cell = string | number | boolean | null;

export interface Column<Row> {
  readonly name: string;
  readonly type: ColumnType;
  readonly of: (row: Row) => Cell;
}

export interface Table {
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
  /** Oldest run first, one run in memory at a time. */
  rows(history: History, filter: RunFilter): AsyncGenerator<readonly Cell[], void>;
}

function table<Row>(columns: readonly Column<Row>[], ofRun: (history: History, filter: RunFilter, run: RunRow) => Promise<readonly Row[]>): Table {
  return {
    columns,
    async* rows(history, filter) {
      const { limit: _limit, ...rest } = filter;
      for (const run of (await history.runs(filter)).reverse()) {
        for (const row of await ofRun(history, { ...rest, run: run.key }, run)) yield columns.map(({ of }) => of(row));
      }
    },
  };
}

const commonOf = <Row extends { readonly run: string; readonly startedAtMs: number; readonly commit: string | null; readonly suite: string }>(): Column<Row>[] => [
  { name: 'run', type: 'text', of: ({ run }) => run },
  { name: 'started_at', type: 'time', of: ({ startedAtMs }) => startedAtMs },
  { name: 'commit', type: 'text', of: ({ commit }) => commit },
  { name: 'suite', type: 'text', of: ({ suite }) => suite },
];

const points: readonly Column<MetricPoint>[] = [
  ...commonOf<MetricPoint>(),
  { name: 'case', type: 'text', of: (row) => row.case },
  { name: 'device', type: 'text', of: ({ device }) => device },
  { name: 'metric', type: 'text', of: ({ metric }) => metric },
  { name: 'value', type: 'real', of: ({ value }) => value },
  { name: 'unit', type: 'text', of: ({ unit }) => unit },
  { name: 'quality', type: 'text', of: ({ quality }) => quality },
  { name: 'exact', type: 'flag', of: ({ exact }) => exact },
  { name: 'better', type: 'text', of: ({ better }) => better },
  { name: 'likeness', type: 'text', of: ({ likeness }) => likeness },
  { name: 'likeness_text', type: 'text', of: ({ likenessText }) => likenessText },
  { name: 'run_id', type: 'text', of: ({ runId }) => runId },
  { name: 'committed_at', type: 'time', of: ({ committedAtMs }) => committedAtMs },
  { name: 'branch', type: 'text', of: ({ branch }) => branch },
  { name: 'dirty', type: 'flag', of: ({ dirty }) => dirty },
  { name: 'model_sha256', type: 'text', of: ({ modelSha256 }) => modelSha256 },
  { name: 'generator', type: 'text', of: ({ generator }) => generator },
  { name: 'image_sha256', type: 'text', of: ({ imageSha256 }) => imageSha256 },
  { name: 'hil_version', type: 'text', of: ({ hilVersion }) => hilVersion },
];

const runs: readonly Column<RunRow>[] = [
  { name: 'run', type: 'text', of: ({ key }) => key },
  { name: 'started_at', type: 'time', of: ({ startedAtMs }) => startedAtMs },
  { name: 'commit', type: 'text', of: ({ source }) => source.commit },
  { name: 'suite', type: 'text', of: ({ suite }) => suite },
  { name: 'run_id', type: 'text', of: ({ id }) => id },
  { name: 'verdict', type: 'text', of: ({ verdict }) => verdict },
  { name: 'duration_ms', type: 'real', of: ({ durationMs }) => durationMs },
  ...(['pass', 'fail', 'build-error', 'bench-error', 'skipped', 'interrupted'] as const).map((verdict): Column<RunRow> => (
    { name: verdict.replace('-', '_'), type: 'whole', of: ({ counts }) => counts[verdict] ?? 0 })),
  { name: 'devices', type: 'text', of: ({ devices }) => devices.join(' ') },
  { name: 'committed_at', type: 'time', of: ({ source }) => timeOrNull(source.committedAt) },
  { name: 'subject', type: 'text', of: ({ source }) => source.subject },
  { name: 'branch', type: 'text', of: ({ source }) => source.branch },
  { name: 'dirty', type: 'flag', of: ({ source }) => source.dirty },
  { name: 'pull_request', type: 'whole', of: ({ source }) => source.pullRequest },
  { name: 'job_url', type: 'text', of: ({ source }) => source.jobUrl },
  { name: 'bench', type: 'text', of: ({ source }) => source.bench },
  { name: 'dir', type: 'text', of: ({ dir }) => dir },
  { name: 'hil_version', type: 'text', of: ({ hilVersion }) => hilVersion },
];

const cases: readonly Column<CaseRow>[] = [
  ...commonOf<CaseRow>(),
  { name: 'case', type: 'text', of: ({ name }) => name },
  { name: 'device', type: 'text', of: ({ device }) => device },
  { name: 'device_kind', type: 'text', of: ({ deviceKind }) => deviceKind },
  { name: 'verdict', type: 'text', of: ({ verdict }) => verdict },
  { name: 'duration_ms', type: 'real', of: ({ durationMs }) => durationMs },
  { name: 'reason', type: 'text', of: ({ reason }) => reason },
  { name: 'end_code', type: 'text', of: ({ endCode }) => endCode },
  { name: 'retries', type: 'whole', of: ({ retries }) => retries },
  { name: 'lost_ms', type: 'real', of: ({ lostMs }) => lostMs },
  { name: 'model_sha256', type: 'text', of: ({ modelSha256 }) => modelSha256 },
  { name: 'generator', type: 'text', of: ({ generator }) => generator },
  { name: 'image_sha256', type: 'text', of: ({ imageSha256 }) => imageSha256 },
  { name: 'culprit', type: 'text', of: ({ culprit }) => culprit },
  { name: 'run_id', type: 'text', of: ({ runId }) => runId },
];

const layers: readonly Column<LayerRow>[] = [
  ...commonOf<LayerRow>(),
  { name: 'case', type: 'text', of: (row) => row.case },
  { name: 'device', type: 'text', of: ({ device }) => device },
  { name: 'layer', type: 'whole', of: ({ layer }) => layer },
  { name: 'op', type: 'text', of: ({ op }) => op },
  { name: 'name', type: 'text', of: ({ name }) => name },
  { name: 'compared', type: 'whole', of: ({ compared }) => compared },
  { name: 'mismatched', type: 'whole', of: ({ mismatched }) => mismatched },
  { name: 'own_mismatched', type: 'whole', of: ({ ownMismatched }) => ownMismatched },
  { name: 'max_abs_diff', type: 'real', of: ({ maxAbsDiff }) => maxAbsDiff },
  { name: 'cost', type: 'real', of: ({ cost }) => cost },
  { name: 'unit', type: 'text', of: ({ unit }) => unit },
];

export const TABLES: Readonly<Record<'points' | 'runs' | 'cases' | 'layers', Table>> = {
  points: table(points, (history, filter) => history.points(filter)),
  runs: table(runs, async (_history, _filter, run) => [run]),
  cases: table(cases, (history, filter) => history.cases(filter)),
  layers: table(layers, (history, filter) => history.layers(filter)),
};

function timeOrNull(text: string | null): number | null {
  const value = Date.parse(text ?? '');
  return Number.isNaN(value) ? null : value;
}
