import { HilError } from '../../errors.ts';
import { escapeTerminal } from '../../report/index.ts';
import { download, fetchModels, remoteModels } from '../../suite/index.ts';
import type { CommandAction } from '../program.ts';

/** hil models SUITE...: puts the models that suites name by URL into the cache. */
export const models: CommandAction<{ from?: readonly string[] }> = async (suites, options, { terminal, signal }) => {
  const wanted = suites.flatMap(remoteModels);
  if (wanted.length === 0) throw new HilError('config', 'models.none', `${suites.join(', ')}: no model is named by URL`, { hint: 'There is nothing to fetch: the models are in the suite.' });
  const results = await fetchModels(wanted, { from: options.from ?? [], download, signal,
    onModel: ({ url, how, source }) => terminal.out(escapeTerminal(`${how}${source === undefined ? '' : ` from ${source}`}: ${url}`)) });
  terminal.result({ models: results });
  return 0;
};
