import { HilError } from '../../errors.ts';
import { escapeJson } from '../../report/escape/html.ts';
import type { History, RunFilter, RunRow } from '../history.ts';
import { BenchHealth } from './bench-health.ts';
import { Cell, cellKey, shortKey } from './cell.ts';
import { GridStrips } from './grid.ts';
import { LAYER_RUNS, layersOf, type CellRun } from './layers.ts';
import { JudgedCells } from './judged-changes.ts';
import { quarantinesOf } from './quarantines.ts';
import { writeReportsIntoSite } from './reports-in-site.ts';
import { runData } from './run-table.ts';
import { scanCases } from './scan-cases.ts';
import { seriesOf } from './series.ts';
import type { CellData, QuarantineData, RunData, StartData } from './site-data.ts';
import { SiteFolder } from './site-folder.ts';
import { renderSitePage } from './site-page.ts';

/** Open regressions that the first file tells of. */
const LARGEST = 60;
/** Runs that the first file tells of by itself; the months have all. */
const NEWEST = 60;
const SCHEMA = 'hil-dashboard/1';

export interface SiteOptions {
  readonly dir: string;
  readonly title: string;
  readonly hilVersion: string;
  readonly now: Date;
  /** The options behind the filter, as people gave them. */
  readonly filters: readonly string[];
  /** Checked by the caller to be http or https. */
  readonly commitUrl: string | null;
  /** null: reports are written into the site, at most `mostReportBytes` of them. */
  readonly reportUrl: string | null;
  readonly mostReportBytes: number;
  readonly quarantines: readonly QuarantineData[];
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
  readonly live?: readonly string[];
}

export interface BuiltSite { readonly runs: number; readonly cases: number; readonly series: number; readonly reports: number; readonly reportsLeftOut: number; readonly files: number; readonly bytes: number }

/**
 * Writes the site.
 * @throws HilError 'config' dashboard.empty: nothing to show must not look like all is well; dashboard.not-a-dashboard;
 * 'bench' where the folder cannot be written; what the history throws
 */
export async function buildSite(history: History, filter: RunFilter, options: SiteOptions): Promise<BuiltSite> {
  const runs = [...await history.runs(filter)].sort((a, b) => a.startedAtMs - b.startedAtMs || (a.key < b.key ? -1 : 1));
  if (runs.length === 0) {
    throw new HilError('config', 'dashboard.empty', options.filters.length === 0 ? `the history ${history.where} has no runs to show` : `no run in ${history.where} fits ${options.filters.join(' ')}`,
      { hint: options.filters.length === 0 ? 'Runs land in it by themselves: hil run suites/engine-rom; or bring them from elsewhere: hil history import.' : 'hil history lists what is there; leave out a filter.' });
  }
  const site = await SiteFolder.open(options.dir, options.now);
  let published = false;
  try {
    const built = await fill(history, filter, runs, site, options);
    await site.publish(renderSitePage({ title: options.title, data: `data/${site.version}`, ...(options.live === undefined ? {} : { live: options.live }) }));
    published = true;
    return { ...built, ...site.size };
  } finally {
    await site.close(published);
  }
}

async function fill(history: History, filter: RunFilter, runs: readonly RunRow[], site: SiteFolder, options: SiteOptions): Promise<Omit<BuiltSite, 'files' | 'bytes'>> {
  const { signal, progress } = options;
  const byKey = new Map(runs.map((run) => [run.key, run]));
  const { cells, ran, strips, health, cases } = await scan(history, filter, runs, options);
  const { grid, gone } = strips.grid(cells.values());
  const newestFirst = runs.toReversed();
  const baselines = await history.baselines();
  const judged = new JudgedCells({ branch: filter.branch, baselines, pullRequests: new Set(runs.filter(({ source }) => source.pullRequest !== null).map(({ key }) => key)) });
  const cellData: CellData[] = [];
  for (const cell of cells.values()) {
    signal.throwIfAborted();
    progress(`figures: ${cellData.length} of ${cells.size}`);
    const only = { ...filter, suite: cell.suite, case: cell.case, device: cell.device };
    const [points, layerRows] = [await history.points(only), await history.layers({ ...only, limit: LAYER_RUNS })];
    const series = seriesOf(cell, points, { runs: byKey, baselines, changes: judged.judge(cell, points, layerRows, gone.has(cell)) });
    const layers = layersOf(cell, ran.get(cell) ?? [], layerRows);
    await site.data(`series-${cell.file}`, script(`series-${cell.file}`, series));
    if (layers.layers.length > 0) await site.data(`layers-${cell.file}`, script(`layers-${cell.file}`, layers));
    cellData.push(cell.data({ layers: layers.layers.length > 0, metrics: [...new Set(series.metrics.map(({ metric }) => metric))], gone: gone.has(cell) }));
  }
  const [benches, { open, ...judgement }] = [health.data(), judged.data()];
  const regressions: StartData['regressions'] = { ...judgement, count: open.length, open: open.slice(0, LARGEST) };
  await site.data('regressions', script('regressions', { open }));
  const newest = newestFirst.slice(0, NEWEST);
  const pointed = pointedAt(newestFirst, newest, cellData, grid, benches);
  const reports = options.reportUrl !== null ? { keys: [], leftOut: 0 }
    : await writeReportsIntoSite(history, wantedReports(newestFirst, grid, cellData, regressions), site, options.mostReportBytes, (done, of) => { signal.throwIfAborted(); progress(`reports: ${done} of ${of}`); });

  const months = await writeMonths(newestFirst.map(runData), site);
  const start: StartData = {
    schema: SCHEMA, title: options.title, madeAtMs: options.now.getTime(), hilVersion: options.hilVersion, filters: options.filters, commitUrl: options.commitUrl, reportUrl: options.reportUrl, reports: reports.keys,
    totals: { runs: runs.length, cases, firstMs: runs[0]!.startedAtMs, lastMs: runs.at(-1)!.startedAtMs, reportsLeftOut: reports.leftOut },
    runs: pointed.map(runData), newest: newest.map(({ key }) => shortKey(key)),
    grid, cells: cellData, benches, regressions, quarantines: quarantinesOf(cellData, options.quarantines), months,
  };
  await site.data('start', script('start', start));
  return { runs: runs.length, cases, series: cells.size, reports: reports.keys.length, reportsLeftOut: reports.leftOut };
}

async function scan(history: History, filter: RunFilter, runs: readonly RunRow[], { signal, progress }: SiteOptions): Promise<{ cells: Map<string, Cell>; ran: Map<Cell, CellRun[]>; strips: GridStrips; health: BenchHealth; cases: number }> {
  const cells = new Map<string, Cell>();
  const ran = new Map<Cell, CellRun[]>();
  const [strips, health] = [new GridStrips(), new BenchHealth()];
  let cases = 0;
  for await (const scanned of scanCases(history, filter, runs, signal)) {
    for (const one of scanned) {
      const key = cellKey(one.row.suite, one.row.name, one.row.device);
      const cell = cells.get(key) ?? new Cell(one);
      cells.set(key, cell);
      cell.add(one);
      strips.add(one);
      health.add(one);
      const own = ran.get(cell) ?? [];
      ran.set(cell, own);
      own.push({ run: one.run, verdict: one.row.verdict });
    }
    cases += scanned.length;
    progress(`cases: ${cases}`);
  }
  return { cells, ran, strips, health, cases };
}

/** Runs that the first file needs. */
function pointedAt(newestFirst: readonly RunRow[], newest: readonly RunRow[], cells: readonly CellData[], grid: StartData['grid'], benches: StartData['benches']): RunRow[] {
  const keys = new Set([
    ...newest.map(({ key }) => shortKey(key)), ...grid.map(({ run }) => run),
    ...cells.flatMap(({ run, decided, red }) => [run, decided?.run, red?.first, red?.lastGood]), ...benches.flatMap(({ recent }) => recent.map(({ run }) => run)),
  ]);
  return newestFirst.filter(({ key }) => keys.has(shortKey(key)));
}

/** What the overview leads to first: the newest runs, what came with a red time or a regression; then all that is no pass. */
function wantedReports(newestFirst: readonly RunRow[], grid: StartData['grid'], cells: readonly CellData[], regressions: StartData['regressions']): RunRow[] {
  const first = new Set([...grid.map(({ run }) => run), ...cells.flatMap(({ run, decided, red }) => [run, decided?.run, red?.first, red?.lastGood]), ...regressions.open.flatMap(({ firstBad, lastGood }) => [firstBad.run, lastGood?.run])]);
  return [...newestFirst.filter(({ key }) => first.has(shortKey(key))), ...newestFirst.filter(({ key, verdict }) => !first.has(shortKey(key)) && verdict !== 'pass')];
}

async function writeMonths(newestFirst: readonly RunData[], site: SiteFolder): Promise<StartData['months']> {
  const months = new Map<string, RunData[]>();
  for (const run of newestFirst) {
    const month = new Date(run.atMs).toISOString().slice(0, 7);
    months.set(month, months.get(month) ?? []);
    months.get(month)!.push(run);
  }
  for (const [month, list] of months) await site.data(`month-${month}`, script(`month-${month}`, { runs: list }));
  return [...months].map(([month, list]) => ({ month, runs: list.length }));
}

function script(name: string, value: unknown): string {
  return `hilData(${JSON.stringify(name)}, ${escapeJson(value)});\n`;
}
