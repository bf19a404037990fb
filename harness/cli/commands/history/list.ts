import type { History, RunFilter, RunRow } from '../../../history/index.ts';
import { escapeTerminal, type Verdict } from '../../../report/index.ts';
import { historyFilter, type FilterOptions } from '../../history-filter.ts';
import type { CommandAction } from '../../program.ts';
import { textTable } from '../../text-table.ts';
import { withHistory } from '../../the-history.ts';
import type { Style, Terminal } from '../../terminal.ts';

/** What fits a screen or two; --json and --limit give more. */
const SHOWN = 50;

/** hil history [list]: the runs that are kept, newest first. */
export const list: CommandAction<FilterOptions> = async (_positional, options, { terminal }) => {
  const filter = historyFilter(options);
  return withHistory((history) => show(history, filter, terminal));
};

async function show(history: History, filter: RunFilter, terminal: Terminal): Promise<number> {
  // One more than is shown tells whether there are more.
  const found = await history.runs(terminal.json || filter.limit !== undefined ? filter : { ...filter, limit: SHOWN + 1 });
  terminal.result({ runs: found });
  const shown = filter.limit === undefined ? found.slice(0, SHOWN) : found;
  if (shown.length === 0) terminal.out(`No run${Object.keys(filter).length === 0 ? '' : ' that fits'} in the history ${escapeTerminal(history.where)}.`);
  else for (const line of table(shown, terminal)) terminal.out(line);
  if (!terminal.json && found.length > shown.length) terminal.note(`The newest ${SHOWN}; --limit shows more.`);
  return 0;
}

const COLUMNS = [{ head: 'run', most: 21 }, { head: 'verdict', most: 11 }, { head: 'suite', most: 18 }, { head: 'devices', most: 16 }, { head: 'cases', most: 13 }, { head: 'commit', most: 9 }];

function table(runs: readonly RunRow[], terminal: Terminal): string[] {
  const rows = runs.map((run) => [run.id.length > COLUMNS[0]!.most ? run.key.slice(0, 16) : run.id, run.verdict, run.suite, devicesText(run.devices), countsText(run.counts), commitText(run)]);
  return textTable(COLUMNS, rows, (text, row, column) => (row === 'head' ? terminal.style('dim', text) : column === 1 ? terminal.style(VERDICT_STYLES[(runs[row] as RunRow).verdict], text) : text));
}

export const VERDICT_STYLES: Readonly<Record<Verdict, Style>> = { pass: 'green', fail: 'red', 'build-error': 'red', 'bench-error': 'yellow', skipped: 'dim', interrupted: 'yellow' };

/** "qemu-m4 +3" */
function devicesText(devices: readonly string[]): string {
  return devices.length <= 1 ? devices[0] ?? '-' : `${devices[0]} +${devices.length - 1}`;
}

/** "12 of 14 pass" */
function countsText(counts: RunRow['counts']): string {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return `${counts.pass ?? 0} of ${all} ok`;
}

/** "1a2b3c4d", with a star where files differed from the commit. */
export function commitText({ source }: Pick<RunRow, 'source'>): string {
  return source.commit === null ? '-' : `${source.commit.slice(0, 8)}${source.dirty ? '*' : ''}`;
}
