import path from 'node:path';
import type { Device } from '../device/index.ts';
import { HilError } from '../errors.ts';
import { figuresOfCase } from '../history/metrics-of-case.ts';
import { planSuite, runSuite, type OnEvent, type PlannedCase } from '../run/index.ts';
import { loadSuite } from '../suite/index.ts';
import { factsOf, type Candidate, type Tried } from './candidate.ts';
import type { Worktree } from './git.ts';

export interface TryCommitOptions {
  readonly worktree: Worktree;
  /** Folder of the suite below the top of the repository. */
  readonly suite: string;
  readonly case: string;
  readonly device: Device;
  readonly cacheDir: string;
  readonly hilVersion: string;
  readonly signal: AbortSignal;
  readonly onEvent: OnEvent;
  readonly leaseWaitMs: number;
  readonly quarantined: ReadonlyMap<string, string>;
  /** Folder for reports of tries. */
  readonly out: string;
}

/** Tries commits: checks them out, builds the case with this hil, and runs it. Nothing of it lands in the history. */
export function commitTrier(options: TryCommitOptions): (candidate: Candidate) => Promise<Tried> {
  const { worktree, device, signal } = options;
  return async ({ id }) => {
    await worktree.checkout(id);
    const planned = await plan(options).catch((error: unknown) => {
      if (error instanceof HilError && error.kind === 'config') return `its suite cannot be run: ${error.message}`;
      throw error;
    });
    if (typeof planned === 'string') return untried(planned);
    const { report } = await runSuite({
      suite: planned.suite, cases: [planned.case], devices: [device], out: path.join(options.out, id.slice(0, 12)), cacheDir: options.cacheDir, command: ['hil', 'history', 'bisect', '--build'], hilVersion: options.hilVersion,
      signal, onEvent: options.onEvent, pack: 1, optimise: null, leaseWaitMs: options.leaseWaitMs, quarantined: options.quarantined,
    });
    if (signal.aborted) throw signal.reason;
    const [one] = report.cases;
    if (one === undefined) return untried(`the case is not meant for ${device.spec.id}`);
    return { verdict: one.verdict, figures: figuresOfCase(report, one), reason: one.reasons[0] ?? '', facts: factsOf(report, one, null), sameAs: null };
  };
}

async function plan({ worktree, suite: folder, case: name }: TryCommitOptions): Promise<{ readonly suite: { readonly name: string; readonly description: string; readonly file: string | null }; readonly case: PlannedCase } | string> {
  const suite = await loadSuite(path.join(worktree.folder, folder));
  const one = suite.cases.find((each) => each.name === name);
  if (one === undefined) return `its suite has no case ${name}`;
  const [planned] = await planSuite({ ...suite, cases: [one] }, { generatorDir: null, now: new Date() });
  return { suite: { name: suite.name, description: suite.description, file: suite.file }, case: planned as PlannedCase };
}

const untried = (reason: string): Tried => ({ verdict: null, figures: [], reason, facts: null, sameAs: null });
