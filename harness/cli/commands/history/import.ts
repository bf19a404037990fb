import { HilError } from '../../../errors.ts';
import { importFiles } from '../../../history/index.ts';
import { escapeTerminal } from '../../../report/index.ts';
import { EXIT } from '../../exit-codes.ts';
import type { CommandAction } from '../../program.ts';
import { withHistory } from '../../the-history.ts';

/** hil history import: runs of other computers, each once however often it comes. */
export const importHistory: CommandAction<object> = (files, _options, { terminal, signal }) => withHistory(async (history) => {
  const result = await importFiles(history, files, { signal, onProgress: (read) => { if (read % 20 === 0) terminal.status(`importing: ${read} runs`); } });
  terminal.result(result);
  for (const { where, why } of result.problems) terminal.error(`hil: ${escapeTerminal(where)}: ${escapeTerminal(why)}`);
  if (result.bad > result.problems.length) terminal.error(`hil: and ${result.bad - result.problems.length} more like these`);
  if (!terminal.quiet || result.bad > 0) {
    terminal.out(`${result.added} new, ${result.known} known already${result.baselines > 0 ? `, ${result.baselines} baselines` : ''}${result.bad > 0 ? `, ${result.bad} bad` : ''}; history ${escapeTerminal(history.where)}`);
  }
  if (result.read === 0 && result.bad === 0) throw new HilError('config', 'history.nothing', 'there was nothing to import');
  return result.bad > 0 ? EXIT.usage : EXIT.ok;
});
