import path from 'node:path';
import { HilError } from '../../../errors.ts';
import { exportFormat, streamRuns, writeExport, type TableName } from '../../../history/index.ts';
import { escapeTerminal } from '../../../report/index.ts';
import { historyFilter, type FilterOptions } from '../../history-filter.ts';
import { makeOutFolder } from '../../out-folder.ts';
import type { CommandAction } from '../../program.ts';
import { withHistory } from '../../the-history.ts';

const TABLE_NAMES: readonly TableName[] = ['points', 'runs', 'cases', 'layers'];

/** hil history export: NDJSON that another history can import, or a table of figures. */
export const exportHistory: CommandAction<FilterOptions & { readonly out: string; readonly table?: string }> = async (_positional, options, { terminal, signal, hilVersion }) => {
  const filter = historyFilter(options);
  const { out } = options;
  const format = out === '-' ? 'ndjson' : exportFormat(out);
  if (format === null) throw new HilError('config', 'history.format', `--out ${out}: expected a name that ends in .ndjson, .ndjson.gz, .csv, .csv.gz or .parquet, or - for NDJSON on standard output`);
  if (options.table !== undefined && format === 'ndjson') throw new HilError('config', 'history.table', '--table is of CSV and Parquet: NDJSON has whole runs');
  const table = options.table ?? 'points';
  if (!isTable(table)) throw new HilError('config', 'history.table', `--table: expected ${TABLE_NAMES.join(', ')}, got "${table}"`);
  if (out === '-' && terminal.json) throw new HilError('config', 'history.stdout', '--out - and --json both want standard output', { hint: 'Name a file with --out.' });
  return withHistory(async (history) => {
    const what = format === 'ndjson' ? 'run' : 'row';
    const work = { filter, table, createdBy: `hil ${hilVersion}`, signal, onProgress: (done: number) => { if (done % 100 === 0) terminal.status(`exporting: ${done} ${what}s`); } };
    if ((await history.runs({ ...filter, limit: 1 })).length === 0) {
      throw new HilError('config', 'history.nothing', `no run${Object.keys(filter).length === 0 ? '' : ' that fits'} in the history ${history.where}`, { hint: 'hil history lists what is there.' });
    }
    if (out === '-') {
      await streamRuns(history, process.stdout, work);
      return 0;
    }
    await makeOutFolder(path.dirname(path.resolve(out)));
    const { count, bytes } = await writeExport(history, out, work);
    terminal.result({ file: path.resolve(out), format, ...(format === 'ndjson' ? { runs: count } : { table, rows: count }), bytes });
    if (!terminal.quiet) terminal.out(`${count} ${what}${count === 1 ? '' : 's'} written to ${escapeTerminal(out)} (${bytes} bytes)`);
    return 0;
  });
};

const isTable = (name: string): name is TableName => (TABLE_NAMES as readonly string[]).includes(name);
