import type { MetricPoint, RunFilter } from './history.ts';
import { seriesOfRow, sourceOfRow, type PointSeries, type PointSource } from './read-rows.ts';
import { ofCase, ofSeries, runsMeant } from './select.ts';
import type { Database, SqlRow } from './sql/database.ts';

/** Series whose points are read at once: all rows of a large history together would take more memory than the points. */
const SERIES_AT_ONCE = 256;

const SOURCES = 'r.id, r.key, r.run_id, r.started_at, r.commit_id, r.committed_at, r.branch, r.dirty, r.hil_version, c.idx, c.model_sha256, c.generator, c.image_sha256';

/**
 * The points of a filter, oldest first. Hundreds of points share a series, and dozens a case: those are read once and put together
 * here, which is several times faster than to have the database repeat their texts in every row, and lets the points share them.
 */
export async function readPoints(database: Database, filter: RunFilter, metric: string | undefined): Promise<MetricPoint[]> {
  const [ofSeriesMeant, runs, cases] = [ofSeries(filter, metric, database.dialect), runsMeant(filter, database.dialect), ofCase(filter, database.dialect)];
  const series = new Map((await database.all(`SELECT s.* FROM hil_series s WHERE ${ofSeriesMeant.text}`, ofSeriesMeant.parameters)).map((row) => [row['id'] as number, seriesOfRow(row)]));
  if (series.size === 0) return [];
  const sources = await database.all(`SELECT ${SOURCES} FROM hil_runs r JOIN hil_cases c ON c.run = r.id WHERE ${runs.text} AND ${cases.text} ORDER BY r.started_at, r.key, c.idx`, [...runs.parameters, ...cases.parameters]);
  const inOrder = sources.map((row) => ({ source: sourceOfRow(row), figures: [] as { readonly of: PointSeries; readonly value: number }[] }));
  const places = new Map<number, Map<number, (typeof inOrder)[number]>>();
  for (const [at, row] of sources.entries()) {
    const run = row['id'] as number;
    const ofRun = places.get(run) ?? new Map<number, (typeof inOrder)[number]>();
    ofRun.set(row['idx'] as number, inOrder[at] as (typeof inOrder)[number]);
    places.set(run, ofRun);
  }
  for await (const rows of pointRows(database, filter, [...series.keys()])) {
    for (const row of rows) {
      const of = series.get(row['series'] as number);
      if (of !== undefined) places.get(row['run'] as number)?.get(row['idx'] as number)?.figures.push({ of, value: row['value'] as number });
    }
  }
  return inOrder.flatMap(({ source, figures }) => figures.sort((a, b) => (a.of.metric < b.of.metric ? -1 : 1)).map(({ of, value }) => toPoint(source, of, value)));
}

/** A little more than what is meant, by the index that leaves out most. */
async function* pointRows(database: Database, filter: RunFilter, series: readonly number[]): AsyncGenerator<SqlRow[], void> {
  const columns = 'SELECT p.series, p.run, p.idx, p.value FROM hil_points p';
  if (filter.run !== undefined || filter.limit !== undefined || filter.commit !== undefined || filter.pullRequest !== undefined) {
    const { run, limit, commit, pullRequest } = filter;
    const runs = runsMeant(limit === undefined ? { ...(run === undefined ? {} : { run }), ...(commit === undefined ? {} : { commit }), ...(pullRequest === undefined ? {} : { pullRequest }) } : filter, database.dialect);
    yield await database.all(`${columns} WHERE p.run IN (SELECT r.id FROM hil_runs r WHERE ${runs.text})`, runs.parameters);
    return;
  }
  for (let first = 0; first < series.length; first += SERIES_AT_ONCE) {
    const some = series.slice(first, first + SERIES_AT_ONCE);
    yield await database.all(`${columns} WHERE p.series IN (${some.map(() => '?').join(', ')})`, some);
  }
}

/** Written out: spreading three objects into one took most of the time. */
function toPoint(r: PointSource, s: PointSeries, value: number): MetricPoint {
  return {
    run: r.run, runId: r.runId, startedAtMs: r.startedAtMs, commit: r.commit, committedAtMs: r.committedAtMs, branch: r.branch, dirty: r.dirty,
    suite: s.suite, case: s.case, device: s.device, metric: s.metric, value, unit: s.unit, quality: s.quality, exact: s.exact, better: s.better, likeness: s.likeness, likenessText: s.likenessText,
    modelSha256: r.modelSha256, generator: r.generator, imageSha256: r.imageSha256, hilVersion: r.hilVersion,
  };
}
