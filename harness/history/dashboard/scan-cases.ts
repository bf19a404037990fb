import { setImmediate } from 'node:timers/promises';
import type { CaseRow, History, RunFilter, RunRow } from '../history.ts';
import { asideOf } from './aside.ts';

/** Runs whose cases are in memory together. */
const WINDOW = 400;

/** A case with its run. */
export interface ScannedCase {
  readonly row: CaseRow;
  readonly run: RunRow;
  /** It counts only where there are no others, see asideOf(). */
  readonly aside: boolean;
}

/**
 * All cases of the runs, oldest run first, a window of runs at a time.
 * @param runs all runs that the filter means, oldest first
 */
export async function* scanCases(history: History, filter: RunFilter, runs: readonly RunRow[], signal: AbortSignal): AsyncIterable<ScannedCase[]> {
  const byKey = new Map(runs.map((run) => [run.key, run]));
  const isAside = asideOf(runs, filter.branch);
  for (let from = 0; from < runs.length;) {
    // SQLite answers at once; without a turn of the loop Ctrl-C would wait for the end.
    await setImmediate();
    signal.throwIfAborted();
    let to = Math.min(runs.length, from + WINDOW);
    // Runs of one instant stay together: windows are cut by time.
    while (to < runs.length && runs[to]!.startedAtMs === runs[to - 1]!.startedAtMs) to += 1;
    const rows = await history.cases({ ...filter, sinceMs: runs[from]!.startedAtMs, ...(to < runs.length ? { untilMs: runs[to]!.startedAtMs } : filter.untilMs === undefined ? {} : { untilMs: filter.untilMs }) });
    const scanned = rows.flatMap((row) => {
      const run = byKey.get(row.run);
      // A run that landed after the list of runs was read is for the next time.
      return run === undefined ? [] : [{ row, run, aside: isAside(run) }];
    });
    scanned.sort((a, b) => a.run.startedAtMs - b.run.startedAtMs || (a.run.key < b.run.key ? -1 : a.run.key > b.run.key ? 1 : a.row.index - b.row.index));
    yield scanned;
    from = to;
  }
}
