import type { CommandAction } from '../program.ts';

/** hil setup: the same step that npm start begins with. It prints each command before it runs it. */
export const setup: CommandAction<object> = async (_positional, _options, { terminal }) => {
  // Dependency-free JavaScript that must also run before any package is installed; it has no types.
  const module: unknown = await import(new URL('../../../scripts/setup.mjs', import.meta.url).href);
  const { setUp } = module as { setUp: (goal: 'start') => Promise<number> };
  const code = await setUp('start');
  terminal.result({ complete: code === 0 });
  if (code === 0) terminal.out('All that hil needs is here.');
  return code;
};
