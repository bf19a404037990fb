import type { RunRow } from '../history.ts';
import { mainLines } from '../regressions/series.ts';

/**
 * Which runs say nothing of the line that is shown: those of pull requests, of files that are in no commit, and of other branches than
 * the main line of their suite, as `hil history regressions` has it. What somebody tries out must not turn main green, or red.
 * @param branch that was asked for: then all of its runs count
 */
export function asideOf(runs: readonly RunRow[], branch: string | undefined): (run: RunRow) => boolean {
  const isDraft = ({ source }: RunRow): boolean => source.pullRequest !== null || source.dirty;
  const lines = mainLines(runs.filter((run) => !isDraft(run)).map(({ suite, source }) => ({ suite, branch: source.branch })));
  return (run) => isDraft(run) || (branch === undefined && run.source.branch !== (lines.get(run.suite) ?? null));
}
