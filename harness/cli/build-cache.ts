import os from 'node:os';
import path from 'node:path';

/** Where built images are kept: HIL_CACHE, else the user's cache folder. */
export function buildCacheDir(env: NodeJS.ProcessEnv = process.env): string {
  return path.resolve(env['HIL_CACHE'] || path.join(env['XDG_CACHE_HOME'] || path.join(os.homedir(), '.cache'), 'hil'));
}
