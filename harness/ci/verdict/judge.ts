import { plural, WORST_FIRST, type Verdict } from '../../report/index.ts';
import type { CaseOutcome, RunOutcome, VerdictFacts } from './facts.ts';

/** Conclusions of a check that hil gives. action_required, like failure, keeps a required check from passing; neutral does not. */
export type Conclusion = 'success' | 'failure' | 'neutral' | 'action_required';

export interface JudgeOptions {
  /** Commit that the check is for; null: whichever the runs agree on. */
  readonly sha: string | null;
  /** What it comes to where the code is not shown to be wrong, and not shown to be right. */
  readonly inconclusive: Exclude<Conclusion, 'success'>;
  /** Runs of some of a suite's cases will do. */
  readonly allowSubset?: boolean;
  /** The facts come from a job that the pull request itself may have changed: what GitHub says of that job (null: nothing). Absent: they are our own. */
  readonly foreignJob?: { readonly conclusion: string | null };
}

/** A case of a suite on a device, whatever number of runs it was in. */
export interface Cell extends CaseOutcome { readonly suite: string }

export interface JudgedVerdict {
  readonly conclusion: Conclusion;
  readonly title: string;
  /** The commit judged; null where the runs do not agree on one. */
  readonly sha: string | null;
  /** Why it is neither success nor failure; also told beside a failure. */
  readonly doubts: readonly string[];
  readonly cells: readonly Cell[];
  readonly devices: readonly { readonly device: string; readonly counts: Readonly<Partial<Record<Verdict, number>>>; readonly expected: boolean }[];
}

/** Failure beats doubt, doubt beats success; and nothing is a success that was not seen to pass. */
export function judge(facts: VerdictFacts, options: JudgeOptions): JudgedVerdict {
  const { sha, accepted, doubts } = ofOneCommit(facts.runs, options.sha);
  for (const what of facts.unreadable) doubts.push(`a report cannot be read: ${what}`);
  if (facts.runs.length === 0) doubts.push('no run reported');
  const isSettled = settledLater(accepted);
  doubts.push(...accepted.filter((run) => !isSettled(run)).flatMap(doubtsOfRun));
  if (options.allowSubset !== true) doubts.push(...onlyChosen(accepted));
  const cells = cellsOf(accepted);
  const expectedIds = new Set(facts.expected);
  const cellsByDevice = Map.groupBy(cells, ({ device }) => device);
  const devices = [...new Set([...expectedIds, ...cellsByDevice.keys()])].map((device) => ({ device, counts: countsOf(cellsByDevice.get(device) ?? []), expected: expectedIds.has(device) }));
  for (const { device, counts, expected } of devices) {
    const cases = Object.values(counts).reduce((sum, count) => sum + count, 0);
    if (expected && cases === 0) doubts.push(`${device} did not report`);
    else if (cases > 0 && cases === (counts.skipped ?? 0)) doubts.push(`everything was skipped on ${device}`);
  }
  for (const cell of cells) if (cell.verdict === 'bench-error' || cell.verdict === 'interrupted') doubts.push(`${cell.verdict === 'interrupted' ? 'interrupted' : 'bench error'}: ${cell.name} on ${cell.device}: ${cell.reason}`);
  const wrong = cells.filter(({ verdict }) => verdict === 'fail' || verdict === 'build-error');
  const passed = cells.filter(({ verdict }) => verdict === 'pass').length;
  if (wrong.length === 0 && passed === 0 && doubts.length === 0) doubts.push('nothing was compared');
  const { foreignJob } = options;
  if (foreignJob !== undefined && foreignJob.conclusion !== 'success' && wrong.length === 0) doubts.push(`the job that reported ended with ${foreignJob.conclusion ?? 'an unknown conclusion'}`);
  const conclusion: Conclusion = wrong.length > 0 ? 'failure' : doubts.length > 0 ? options.inconclusive : 'success';
  const told = wrong.length > 0 ? failureTitle(wrong, cells.length) : doubts.length > 0 ? `inconclusive: ${doubts[0]}${doubts.length > 1 ? ` (and ${doubts.length - 1} more)` : ''}` : `${plural(passed, 'case')} on ${plural(devices.length, 'device')} pass`;
  return { conclusion, title: foreignJob === undefined ? told : `reported by the pull request's own job: ${told}`, sha, doubts, cells, devices };
}

function failureTitle(wrong: readonly Cell[], all: number): string {
  const [first] = wrong;
  return `${wrong.length} of ${plural(all, 'case')} ${wrong.every(({ verdict }) => verdict === 'build-error') ? 'do not build' : 'fail'}: ${first?.name} on ${first?.device}${wrong.length > 1 ? ', ...' : ''}`;
}

/** Only runs of the commit count; that there are others is a doubt: an old artifact, or a checkout of something else. */
function ofOneCommit(runs: readonly RunOutcome[], asked: string | null): { sha: string | null; accepted: RunOutcome[]; doubts: string[] } {
  const commits = [...new Set(runs.map(({ commit }) => commit))];
  const sha = asked ?? (commits.length === 1 ? commits[0] ?? null : null);
  const doubts: string[] = [];
  if (asked === null && commits.length > 1) doubts.push(`runs of different commits: ${commits.map((commit) => commit?.slice(0, 12) ?? 'unknown').join(', ')}`);
  const accepted = runs.filter((run) => {
    if (asked !== null && run.commit !== asked) doubts.push(`run ${run.id} is of ${run.commit === null ? 'an unknown commit' : `commit ${run.commit.slice(0, 12)}`}, not of ${asked.slice(0, 12)}: not counted`);
    else if (run.dirty) doubts.push(`run ${run.id} is of changed files, not of the commit: not counted`);
    else return true;
    return false;
  });
  return { sha, accepted: asked === null && commits.length > 1 ? [] : accepted, doubts };
}

/**
 * Whether later runs did the same whole, on each of a run's devices. The facts may be forged and have millions of pairs of runs
 * and devices, so each is looked at once.
 */
function settledLater(all: readonly RunOutcome[]): (run: RunOutcome) => boolean {
  const newest = new Map<string, number>();
  const key = (suite: string, device: string, chosen: boolean): string => JSON.stringify([suite, device, chosen]);
  for (const { suite, devices, chosen = false, startedAtMs, verdict, cases } of all) {
    if (verdict === 'interrupted' || cases.length === 0) continue;
    // A run of chosen cases settles only one of chosen cases.
    for (const device of devices) for (const of of chosen ? [true] : [true, false]) newest.set(key(suite, device, of), Math.max(startedAtMs, newest.get(key(suite, device, of)) ?? -Infinity));
  }
  return ({ suite, devices, chosen = false, startedAtMs }) => devices.length > 0 && devices.every((device) => (newest.get(key(suite, device, chosen)) ?? -Infinity) > startedAtMs);
}

/** A run that ended early or has no case is a doubt. */
function doubtsOfRun(run: RunOutcome): string[] {
  if (run.verdict === 'interrupted') return [`run ${run.id} (${run.devices.join(', ')}) was interrupted`];
  if (run.cases.length === 0) return [`run ${run.id} (${run.devices.join(', ')}) has no case`];
  return run.verdict === 'pass' || run.cases.some(({ verdict }) => verdict === run.verdict) ? [] : [`run ${run.id} calls itself ${run.verdict}, and none of its cases is`];
}

/** What no run had whole. Cases that were not chosen are not in the report at all: nothing else would tell. */
function onlyChosen(runs: readonly RunOutcome[]): string[] {
  const key = (suite: string, device: string): string => JSON.stringify([suite, device]);
  const whole = new Set(runs.filter(({ chosen, verdict }) => chosen !== true && verdict !== 'interrupted').flatMap(({ suite, devices }) => devices.map((device) => key(suite, device))));
  const partial = new Map(runs.filter(({ chosen }) => chosen === true).flatMap(({ suite, devices }) => devices.map((device) => [key(suite, device), `only cases chosen by --case or --sample were run of ${suite} on ${device}`] as const)));
  return [...partial].filter(([where]) => !whole.has(where)).map(([, doubt]) => doubt);
}

/** Wrong in one run is wrong; else the newest run of a case tells, so that a repeated job settles a bench error. */
function cellsOf(runs: readonly RunOutcome[]): Cell[] {
  const cells = new Map<string, { cell: Cell; at: number }>();
  const isWrong = ({ verdict }: CaseOutcome): boolean => verdict === 'fail' || verdict === 'build-error';
  for (const run of runs) {
    for (const one of run.cases) {
      const key = JSON.stringify([run.suite, one.name, one.device]);
      const known = cells.get(key);
      const better = known === undefined || (isWrong(known.cell) !== isWrong(one) ? isWrong(one) : run.startedAtMs === known.at ? WORST_FIRST.indexOf(one.verdict) < WORST_FIRST.indexOf(known.cell.verdict) : run.startedAtMs > known.at);
      if (better) cells.set(key, { cell: { ...one, suite: run.suite }, at: run.startedAtMs });
    }
  }
  return [...cells.values()].map(({ cell }) => cell);
}

function countsOf(cells: readonly Cell[]): Partial<Record<Verdict, number>> {
  const counts: Partial<Record<Verdict, number>> = {};
  for (const { verdict } of cells) counts[verdict] = (counts[verdict] ?? 0) + 1;
  return counts;
}
