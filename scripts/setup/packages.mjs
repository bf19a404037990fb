/**
 * The npm packages, at the versions of package-lock.json. `npm ci` is skipped when a stamp says that they are current.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findNode24 } from '../../bin/node24.mjs';
import { asTyped, run } from './commands.mjs';

const stampFile = (root) => join(root, 'node_modules', '.hil-stamp');
const lockHash = (root) => createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');

/**
 * npm writes node_modules/.package-lock.json when an install is complete. Somebody who ran `npm ci` by hand has no stamp
 * of ours, but must not get a second install.
 */
function matchesLock(root) {
  try {
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const have = JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8')).packages;
    return Object.entries(wanted).every(([path, entry]) => path === '' || entry.optional || entry.devOptional || have[path]?.version === entry.version);
  } catch {
    return false;
  }
}

export function packagesAreCurrent(root) {
  if (findNode24(root) === null) return false;
  try {
    if (readFileSync(stampFile(root), 'utf8') === lockHash(root)) return existsSync(join(root, 'node_modules', '.package-lock.json'));
  } catch {
    // No stamp yet.
  }
  if (!matchesLock(root)) return false;
  writeFileSync(stampFile(root), lockHash(root));
  return true;
}

/** npm itself: the one that runs us where we are an npm script, else the one on PATH. */
function npm(env, args) {
  const cli = env.npm_execpath ?? '';
  return cli.endsWith('.js') ? [process.execPath, [cli, ...args]] : ['npm', args];
}

/** @returns true when the packages and Node 24 are there. */
export async function installNpmPackages(root, { env, say }) {
  // Our own devDependency `node` must come in whatever the machine's defaults are.
  const quiet = { ...env, npm_config_fund: 'false', npm_config_audit: 'false', npm_config_omit: '', npm_config_include: 'dev', NODE_ENV: 'development' };
  const step = async (args) => {
    const [command, words] = npm(quiet, args);
    say(`$ ${asTyped('npm', args)}`);
    return run(command, words, { env: { ...quiet, PATH: `${dirname(process.execPath)}:${env.PATH ?? ''}` }, cwd: root });
  };
  // Without npm's warnings that some packages want a newer Node than the one running npm: hil brings its own.
  if ((await step(['ci', '--loglevel=error'])) !== 0) return false;
  if (findNode24(root) === null) {
    say('The install script of the package `node` did not run (ignore-scripts?): running it alone.');
    await step(['rebuild', 'node', '--ignore-scripts=false', '--foreground-scripts']);
  }
  if (findNode24(root) === null) return false;
  writeFileSync(stampFile(root), lockHash(root));
  return true;
}
