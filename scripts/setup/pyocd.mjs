/**
 * pyOCD for the tests, in a Python environment of its own below node_modules: Debian's is too old to know today's options, and
 * nothing is changed outside of this folder.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../../bin/node24.mjs';
import { ask, asTyped, run } from './commands.mjs';

const VERSION = '0.46.0';

/** harness/device/testing/pyocd.ts looks here. */
export const pyocdFolder = (root) => join(root, 'node_modules', '.cache', 'hil-pyocd');
const stampFile = (root) => join(pyocdFolder(root), 'hil-version');

/** True where this version is installed to its end. */
export function hasPyocd(root = REPOSITORY) {
  try {
    return readFileSync(stampFile(root), 'utf8') === VERSION && existsSync(join(pyocdFolder(root), 'bin', 'pyocd'));
  } catch {
    return false;
  }
}

/** Python that can make environments. Debian and Ubuntu keep that part in a package of its own. */
export function hasPythonVenv(env) {
  return ask('python3', ['-c', 'import ensurepip, venv; print("yes")'], env) === 'yes';
}

/** @returns whether it is there afterwards */
export async function installPyocd({ env, root, say }) {
  if (!hasPythonVenv(env)) return false;
  const folder = pyocdFolder(root);
  const step = async (command, args) => {
    say(`$ ${asTyped(command, args)}`);
    return (await run(command, args, { env, cwd: root })) === 0;
  };
  if (!(await step('python3', ['-m', 'venv', '--clear', folder]))) return false;
  if (!(await step(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', `pyocd==${VERSION}`]))) return false;
  writeFileSync(stampFile(root), VERSION);
  return hasPyocd(root);
}
