import { access, constants } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** Where `node scripts/setup.mjs test` puts pyOCD (scripts/setup/pyocd.mjs). */
const installed = fileURLToPath(new URL('../../../node_modules/.cache/hil-pyocd/bin/pyocd', import.meta.url));

/** The environment in which pyOCD is found: as it is where HIL_PYOCD is set, else with the one that the set-up installed; null without one. */
export async function pyocdEnvironment(env: NodeJS.ProcessEnv = process.env): Promise<NodeJS.ProcessEnv | null> {
  if (env['HIL_PYOCD']) return env;
  return access(installed, constants.X_OK).then(() => ({ ...env, HIL_PYOCD: installed }), () => null);
}
