import path from 'node:path';

/** True where a history lives on a server. */
export const isServer = (where: string): boolean => /^postgres(ql)?:\/\//i.test(where);

/** Name of the file in HIL_HOME. */
const FILE = 'history.sqlite';

/**
 * Where the history is kept: what HIL_HISTORY says (a file, or postgres://...), else history.sqlite in HIL_HOME.
 * @param home HIL_HOME, see hilHome() @returns null where HIL_HISTORY is "off"
 */
export function historyPlace(home: string, env: NodeJS.ProcessEnv = process.env): string | null {
  const named = env['HIL_HISTORY']?.trim() ?? '';
  if (named === '') return path.join(home, FILE);
  if (named.toLowerCase() === 'off') return null;
  return isServer(named) ? named : path.resolve(named);
}
