import { HilError } from '../../../errors.ts';
import type { CaseRow, History, MetricPoint, RunRow } from '../../../history/index.ts';
import { escapeTerminal, toFileForm, writeReports } from '../../../report/index.ts';
import { makeOutFolder } from '../../out-folder.ts';
import type { CommandAction } from '../../program.ts';
import type { Terminal } from '../../terminal.ts';
import { textTable } from '../../text-table.ts';
import { withHistory } from '../../the-history.ts';
import { commitText, VERDICT_STYLES } from './list.ts';

/** hil history show RUN: one run, with the figures of its cases; --report writes its report files again. */
export const show: CommandAction<{ readonly report?: string }> = ([name], options, { terminal }) => withHistory(async (history) => {
  // Tells, too, where the name fits several.
  const report = await history.report(name as string);
  const run = report === null ? undefined : (await history.runs({ run: name as string }))[0];
  if (report === null || run === undefined) {
    throw new HilError('config', 'history.no-run', `there is no run ${name} in the history ${history.where}`, { hint: 'hil history lists them; a key needs its first 8 digits at least.' });
  }
  const cases = await history.cases({ run: run.key });
  const figures = await history.points({ run: run.key });
  if (options.report !== undefined) {
    await makeOutFolder(options.report);
    const files = await writeReports(report, options.report);
    if (!terminal.quiet) terminal.out(`Report: ${escapeTerminal(files['report.html'] ?? options.report)}`);
  }
  terminal.result({ run, cases, figures, report: toFileForm(report) });
  if (options.report === undefined) print(run, cases, figures, history, terminal);
  return 0;
});

function print(run: RunRow, cases: readonly CaseRow[], figures: readonly MetricPoint[], history: History, terminal: Terminal): void {
  const { source } = run;
  const facts: readonly (readonly [string, string | null])[] = [
    ['run', run.id], ['key', run.key], ['started', new Date(run.startedAtMs).toISOString()], ['suite', run.suite], ['devices', run.devices.join(', ')],
    ['commit', source.commit === null ? null : `${commitText(run)} ${source.subject ?? ''}`], ['branch', source.branch], ['pull request', source.pullRequest === null ? null : String(source.pullRequest)],
    ['job', source.jobUrl], ['bench', source.bench === '' ? null : source.bench], ['folder', run.dir], ['hil', run.hilVersion], ['history', history.where],
  ];
  for (const [name, value] of facts) if (value !== null && value !== '') terminal.out(`${name.padEnd(13)}${escapeTerminal(value)}`);
  terminal.out(`${'verdict'.padEnd(13)}${terminal.style(VERDICT_STYLES[run.verdict], run.verdict)}`);
  for (const one of cases) {
    terminal.out('');
    terminal.out(`${terminal.style('bold', escapeTerminal(`${one.name} on ${one.device}`))}  ${terminal.style(VERDICT_STYLES[one.verdict], one.verdict)}`);
    if (one.reason !== '') terminal.out(`  ${escapeTerminal(one.reason)}`);
    if (one.culprit !== null) terminal.out(`  wrong by itself first: ${escapeTerminal(one.culprit)}`);
    const own = figures.filter((figure) => figure.case === one.name && figure.device === one.device);
    if (own.length > 0) for (const line of textTable(COLUMNS, own.map((figure) => [figure.metric, String(Number(figure.value.toPrecision(10))), figure.unit, figure.quality, figure.exact ? 'exact' : 'noisy']), (text, row) => (row === 'head' ? terminal.style('dim', text) : text))) terminal.out(`  ${line}`);
  }
}

const COLUMNS = [{ head: 'figure', most: 40 }, { head: 'value', most: 17, right: true }, { head: 'unit', most: 12 }, { head: 'quality', most: 11 }, { head: '', most: 5 }];
