import { judgedNow, judgeHistory, type Change, type History } from '../../../history/index.ts';
import { HilError } from '../../../errors.ts';
import { escapeTerminal } from '../../../report/index.ts';
import { EXIT } from '../../exit-codes.ts';
import { historyFilter, type FilterOptions } from '../../history-filter.ts';
import type { CommandAction, CommandContext } from '../../program.ts';
import { withHistory } from '../../the-history.ts';
import { regressionLines } from './regression-lines.ts';

export interface RegressionsOptions extends FilterOptions {
  readonly metric?: string;
  readonly all?: boolean;
}

/** hil history regressions: 0 nothing is worse, 1 something is, 4 only the bench is, or no figure of now could be judged. */
export const regressions: CommandAction<RegressionsOptions> = (_positional, options, context) => withHistory(async (history) => {
  const { terminal } = context;
  const found = await judged(history, options, context);
  const { series, changes } = found;
  const code = exitCodeFor(changes, series.filter(judgedNow).length);
  terminal.result({ schema: 'hil-regressions/1', exitCode: code, judged: series.filter(judgedNow).length, tooFewPoints: series.filter((one) => !one.judged).length, ...found });
  for (const line of regressionLines(found, { all: options.all ?? false, style: (style, text) => terminal.style(style, text), quiet: terminal.quiet, where: history.where })) terminal.out(line);
  return code;
});

/**
 * Judges what the options of the command line mean.
 * @throws HilError 'config' where they name a run or commit that the history has not, or a pull request
 */
export async function judged(history: History, options: RegressionsOptions, { terminal, signal }: CommandContext): ReturnType<typeof judgeHistory> {
  const filter = historyFilter(options);
  if (filter.pullRequest !== undefined) {
    throw new HilError('config', 'cli.usage', `--pull-request ${filter.pullRequest}: a pull request is judged against its base, not over time`, { hint: 'hil compare <base> <head> does that; --branch judges a branch.' });
  }
  const { run, commit } = filter;
  for (const one of [...(run === undefined ? [] : [{ run }]), ...(commit === undefined ? [] : [{ commit }])]) {
    if ((await history.runs({ ...one, limit: 1 })).length === 0) throw new HilError('config', 'history.no-run', `there is no run of ${Object.entries(one).flat().join(' ')} in the history ${history.where}`, { hint: 'hil history lists them.' });
  }
  return await judgeHistory(history, filter, { signal, ...(options.metric === undefined ? {} : { metric: options.metric }), onProgress: (line) => terminal.status(line) }).finally(() => terminal.status(''));
}

function exitCodeFor(changes: readonly Change[], judgedSeries: number): number {
  const open = changes.filter(({ kind }) => kind === 'open');
  if (open.some(({ suspect }) => suspect !== 'bench')) return EXIT.fail;
  return open.length > 0 || judgedSeries === 0 ? EXIT.bench : EXIT.ok;
}

/** "latency of torque on qemu-m55", escaped. */
export const figureName = ({ metric, case: name, device }: Pick<Change, 'metric' | 'case' | 'device'>): string => escapeTerminal(`${metric} of ${name} on ${device}`);
