import { runsOfOpenRegressions } from '../../../history/index.ts';
import { escapeTerminal } from '../../../report/index.ts';
import { timeOf } from '../../history-filter.ts';
import type { CommandAction } from '../../program.ts';
import { withHistory } from '../../the-history.ts';

/** hil history prune: deletes old runs, but none that an open regression rests on: it would go green without having been undone or accepted. */
export const prune: CommandAction<{ readonly before: string; readonly dryRun?: boolean }> = async (_positional, options, { terminal, signal }) => {
  const beforeMs = timeOf('--before', options.before, new Date());
  return withHistory(async (history) => {
    const dry = options.dryRun === true;
    const keep = await runsOfOpenRegressions(history, { signal, onProgress: (line) => terminal.status(line) }).finally(() => terminal.status(''));
    const { deleted, kept } = await history.prune(beforeMs, { dry, keep, signal });
    terminal.result({ before: new Date(beforeMs).toISOString(), dryRun: dry, deleted, kept });
    terminal.out(`${deleted} run${deleted === 1 ? '' : 's'} before ${new Date(beforeMs).toISOString()} ${dry ? 'would be ' : ''}deleted${kept > 0 ? `, ${kept} kept for open regressions and baselines` : ''}; history ${escapeTerminal(history.where)}`);
    return 0;
  });
};
