import path from 'node:path';
import { openRun } from '../../bundle/index.ts';
import { createWorkDir } from '../../device/index.ts';
import { HilError } from '../../errors.ts';
import { escapeTerminal } from '../../report/index.ts';
import { replayRun, type RecordedRun, type ReplayResult } from '../../replay/index.ts';
import { EXIT } from '../exit-codes.ts';
import { progressView } from '../progress-view.ts';
import type { CommandAction, CommandContext } from '../program.ts';
import { rerun } from './replay/rerun.ts';

export interface ReplayCommandOptions {
  readonly out?: string;
  readonly device?: string;
  readonly case?: string;
}

const MOST_SHOWN = 20;

/** hil replay RUN|BUNDLE: 0 as recorded, 1 something else, 2 the record cannot be used, 4 hil asks for other things than it did then, or the bench of --device fails. */
export const replay: CommandAction<ReplayCommandOptions> = async ([given], options, context) => {
  if (options.case !== undefined && options.device === undefined) {
    throw new HilError('config', 'cli.usage', '--case goes with --device: without a device the whole record is replayed', { hint: 'hil bundle RUN --case NAME cuts a run down to a case.' });
  }
  const opened = await openRun(given as string);
  try {
    return options.device === undefined ? await playBack(opened.run, options, context) : await rerun(opened.run, { ...options, device: options.device, foreign: opened.bundle !== null }, context);
  } finally {
    await opened.close();
  }
};

async function playBack(run: RecordedRun, options: ReplayCommandOptions, context: CommandContext): Promise<number> {
  const { signal, hilVersion, argv, terminal } = context;
  const work = options.out === undefined ? await createWorkDir() : null;
  try {
    const result = await replayRun(run, { out: path.resolve(options.out ?? (work as { path: string }).path), signal, hilVersion, command: ['hil', ...argv], onEvent: progressView(terminal, () => performance.now()) });
    return tell(result, run.record.hilVersion, context);
  } finally {
    await work?.remove();
  }
}

function tell({ report, diverged, differences }: ReplayResult, recordedBy: string, { terminal, hilVersion }: CommandContext): number {
  const identical = diverged.length === 0 && differences.length === 0;
  terminal.result({ schema: 'hil-replay/1', identical, verdict: report.verdict, cases: report.cases.map(({ name, device, verdict }) => ({ name, device, verdict })),
    diverged: diverged.map(({ message }) => message), differences, hilVersion: { recorded: recordedBy, replayed: hilVersion } });
  const count = `${report.cases.length} ${report.cases.length === 1 ? 'case' : 'cases'}`;
  if (identical) {
    terminal.out(terminal.style('green', `identical: ${count}, verdict ${report.verdict}, as recorded`));
    return EXIT.ok;
  }
  if (recordedBy !== hilVersion) terminal.out(escapeTerminal(`recorded by hil ${recordedBy}, replayed by ${hilVersion}`));
  for (const { message } of diverged) terminal.out(terminal.style('red', escapeTerminal(message)));
  for (const { path: where, recorded, replayed } of differences.slice(0, MOST_SHOWN)) terminal.out(escapeTerminal(`${where}: recorded ${recorded}, replayed ${replayed}`));
  if (differences.length > MOST_SHOWN) terminal.out(`and ${differences.length - MOST_SHOWN} more (--json shows up to 200)`);
  terminal.out(terminal.style('red', `not identical: ${differences.length} places of the report differ`));
  return diverged.length > 0 ? EXIT.bench : EXIT.fail;
}
