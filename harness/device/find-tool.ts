import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';

/** Where a program was looked for, and found. */
export interface FoundTool {
  /** As it should be started: absolute, for tools run in folders of their own; links are not followed, because some programs behave by the name they are called by. */
  readonly path: string;
  /** After symbolic links. */
  readonly realPath: string;
}

/**
 * Looks for a program: the environment variable, if it is set, alone decides; else the names in turn along PATH.
 * @returns null where there is none
 */
export async function findTool(variable: string, names: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<FoundTool | null> {
  const given = env[variable];
  for (const name of given ? [given] : names) {
    for (const path of isAbsolute(name) || name.includes('/') ? [resolve(name)] : (env['PATH'] ?? '').split(delimiter).filter(isAbsolute).map((dir) => join(dir, name))) {
      if (await isProgram(path)) return { path, realPath: await realpath(path) };
    }
  }
  return null;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
