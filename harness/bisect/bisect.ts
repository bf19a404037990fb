import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { createWorkDir, type Device } from '../device/index.ts';
import { HilError } from '../errors.ts';
import type { History } from '../history/index.ts';
import type { OnEvent } from '../run/index.ts';
import type { Candidate } from './candidate.ts';
import type { Wanted } from './criterion.ts';
import { findFirstBad, type BisectOptions, type BisectResult } from './find-first-bad.ts';
import { Repository, WORKTREE_NAME } from './git.ts';
import { KeptRuns } from './kept-runs.ts';
import { runsBetween, type PastRun, type RunsWanted } from './runs-between.ts';
import { commitTrier } from './try-commit.ts';
import { runTrier } from './try-run.ts';

/** Where candidates are tried. */
export interface BisectBench {
  readonly device: Device;
  readonly hilVersion: string;
  readonly signal: AbortSignal;
  readonly onEvent: OnEvent;
  readonly leaseWaitMs: number;
  readonly quarantined: ReadonlyMap<string, string>;
  /** Reports of the tries are kept here; null: nowhere. */
  readonly out: string | null;
  readonly onNote: (line: string) => void;
  readonly onTry: BisectOptions['onTry'];
  readonly onTried: BisectOptions['onTried'];
}

/**
 * The first run of the history at which a case went wrong, by running kept images again on a device: a good image that fails now
 * tells that the bench has changed, and not the code.
 * @param roots further folders of runs and bundles
 * @throws HilError 'config' where there is nothing to try; 'bench'; 'cancelled'
 */
export async function bisectRuns(history: History, wanted: RunsWanted, roots: readonly string[], bench: BisectBench): Promise<BisectResult> {
  const { line, notes } = await runsBetween(history, wanted);
  for (const note of notes) bench.onNote(note);
  const attempt = runTrier({ ...bench, case: wanted.case, kept: new KeptRuns(roots) });
  return findFirstBad(line, { ...bench, wanted, attempt: (candidate) => attempt(candidate as PastRun) });
}

export interface CommitsWanted extends Wanted {
  readonly case: string;
  /** Folder of the suite, in a checkout. */
  readonly suite: string;
  readonly good: string;
  readonly bad: string;
}

/**
 * The first commit at which a case goes wrong, by building and running it at commits between, in a checkout of its own; the
 * user's is not touched.
 * @throws HilError 'config' for ends or a suite that are not there; 'build' where an end does not build; 'bench'; 'cancelled'
 */
export async function bisectCommits(wanted: CommitsWanted, cacheDir: string, bench: BisectBench): Promise<BisectResult> {
  const { signal } = bench;
  const folder = await realpath(wanted.suite).catch((cause: unknown) => { throw new HilError('config', 'bisect.no-suite', `there is no suite ${wanted.suite}`, { hint: 'Give the folder of the suite with --suite.', cause }); });
  const repository = await Repository.of(path.basename(folder) === 'suite.json' ? path.dirname(folder) : folder, signal);
  if (await repository.dirty()) bench.onNote('changes that are in no commit are not tried');
  const line: readonly Candidate[] = await repository.between(await repository.commit(wanted.good), await repository.commit(wanted.bad));
  const work = await createWorkDir();
  try {
    const worktree = await repository.addWorktree(path.join(await realpath(work.path), WORKTREE_NAME));
    try {
      const attempt = commitTrier({ ...bench, worktree, suite: path.relative(repository.root, folder), case: wanted.case, cacheDir, out: bench.out ?? path.join(work.path, 'reports') });
      return await findFirstBad(line, { ...bench, wanted, attempt });
    } finally {
      await worktree.remove();
    }
  } finally {
    await work.remove();
  }
}
