import { fileURLToPath } from 'node:url';
import type { CommandAction } from '../program.ts';

/** hil setup: the same step that npm start and npm test begin with. */
export const setup: CommandAction<object> = async (_positional, _options, { terminal }) => {
  const { setUp } = (await import(new URL('../../../scripts/setup.mjs', import.meta.url).href)) as { setUp: (options: { root: string; browser: boolean }) => Promise<number> };
  const code = await setUp({ root: fileURLToPath(new URL('../../../', import.meta.url)), browser: false });
  if (code === 0) terminal.out('All that hil needs is here.');
  return code;
};
