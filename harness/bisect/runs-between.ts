import { HilError } from '../errors.ts';
import type { CaseRow, History, MetricPoint, RunRow } from '../history/index.ts';
import type { Candidate } from './candidate.ts';

export interface RunsWanted {
  readonly case: string;
  readonly device: string;
  readonly suite: string | null;
  /** Run or commit; null: found in the history. */
  readonly good: string | null;
  readonly bad: string | null;
  readonly metric: string | null;
  readonly worseThan: number | null;
}

/** A run of the past that had the case on the device. */
export interface PastRun extends Candidate {
  readonly row: RunRow;
  readonly recorded: CaseRow;
}

/**
 * The runs from the good one to the bad one, oldest first, of the branch of the bad one.
 * @throws HilError 'config' bisect.* where there is none, or it is not clear which are meant
 */
export async function runsBetween(history: History, wanted: RunsWanted): Promise<{ readonly line: readonly PastRun[]; readonly notes: readonly string[] }> {
  const filter = { case: wanted.case, device: wanted.device, ...(wanted.suite === null ? {} : { suite: wanted.suite }) };
  const rows = new Map((await history.runs(filter)).map((row) => [row.key, row]));
  const found = (await history.cases(filter)).flatMap((recorded): PastRun[] => {
    const row = rows.get(recorded.run);
    // What was not run says nothing, and its place in the line is that of its neighbours.
    if (row === undefined || recorded.name !== wanted.case || recorded.device !== wanted.device || recorded.verdict === 'skipped' || recorded.verdict === 'interrupted') return [];
    return [{ kind: 'run', id: row.id, commit: row.source.commit, subject: row.source.subject, at: new Date(row.startedAtMs).toISOString(), row, recorded }];
  }).toSorted((a, b) => a.row.startedAtMs - b.row.startedAtMs || (a.row.key < b.row.key ? -1 : 1));
  if (found.length === 0) throw new HilError('config', 'bisect.no-run', `the history ${history.where} has no run of ${wanted.case} on ${wanted.device}`, { hint: 'See hil history --case NAME --device ID.' });
  const suites = [...new Set(found.map(({ row }) => row.suite))];
  if (suites.length > 1) throw new HilError('config', 'bisect.suite', `several suites have a case ${wanted.case}: ${suites.join(', ')}`, { hint: 'Say which with --suite.' });
  const points = wanted.metric === null ? [] : await history.points(filter, wanted.metric);
  const valueOf = (run: PastRun): MetricPoint | undefined => points.find((point) => point.run === run.row.key && point.case === wanted.case);

  const bad = wanted.bad !== null ? named(found, wanted.bad, '--bad') : found.findLast((run) => (wanted.metric === null ? run.recorded.verdict === 'fail' : valueOf(run) !== undefined));
  if (bad === undefined) throw new HilError('config', 'bisect.nothing-bad', wanted.metric === null ? `no run of ${wanted.case} on ${wanted.device} in the history fails` : `no run of ${wanted.case} on ${wanted.device} in the history has a figure ${JSON.stringify(wanted.metric)}`, { hint: 'Name the bad run with --bad.' });
  const before = found.slice(0, found.indexOf(bad));
  const good = wanted.good !== null ? named(found, wanted.good, '--good') : ofBranch(before, bad).findLast((run) => (wanted.metric === null ? run.recorded.verdict === 'pass' : isBetter(valueOf(run), valueOf(bad), wanted.worseThan)));
  if (good === undefined) throw new HilError('config', 'bisect.nothing-good', `no run of ${wanted.case} on ${wanted.device} before ${bad.id} was good`, { hint: 'Name a good run with --good.' });
  if (good.row.startedAtMs >= bad.row.startedAtMs) throw new HilError('config', 'bisect.order', `the good run ${good.id} is not before the bad run ${bad.id}`, { hint: 'What became better can be found by swapping what you call good and bad.' });
  const sameBranch = good.row.source.branch === bad.row.source.branch;
  const all = found.slice(found.indexOf(good), found.indexOf(bad) + 1);
  const line = sameBranch ? ofBranch(all, bad) : all;
  return { line, notes: line.length < all.length ? [`left out: ${all.length - line.length} runs of other branches than ${bad.row.source.branch}`] : [] };
}

const ofBranch = (runs: readonly PastRun[], { row }: PastRun): PastRun[] => runs.filter((run) => run.row.source.branch === row.source.branch);

function isBetter(point: MetricPoint | undefined, bad: MetricPoint | undefined, worseThan: number | null): boolean {
  if (point === undefined || bad === undefined || point.likeness !== bad.likeness) return false;
  if (worseThan !== null) return point.better === 'lower' ? point.value <= worseThan : point.value >= worseThan;
  return point.better === 'lower' ? point.value < bad.value : point.value > bad.value;
}

/** The newest run that a word means: its id, its key or commit, or the first digits of those. */
function named(runs: readonly PastRun[], word: string, option: string): PastRun {
  const digits = word.toLowerCase();
  const isDigits = /^[0-9a-f]+$/.test(digits);
  const found = runs.findLast(({ row }) => row.id === word) ?? runs.findLast(({ row }) => isDigits && ((digits.length >= 8 && row.key.startsWith(digits)) || (digits.length >= 4 && (row.source.commit?.startsWith(digits) ?? false))));
  if (found === undefined) throw new HilError('config', 'bisect.no-such-run', `${option} ${word}: the history has no such run or commit with this case on this device`, { hint: `It has ${runs.slice(-5).map(({ id }) => id).join(', ')}.` });
  return found;
}
