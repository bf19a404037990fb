/**
 * Installs Debian and Ubuntu packages: as root, else by `sudo -n` (which never asks for a password, so that a build server
 * cannot hang on a prompt), else not at all, with the line to type.
 */
import { readdirSync } from 'node:fs';
import { ask, asTyped, run, which } from './commands.mjs';

/** What to type by hand. */
export function byHand(packages, isRoot) {
  const sudo = isRoot ? '' : 'sudo ';
  return `${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

/** True on Debian, Ubuntu and their relatives, by /etc/os-release. */
export function isDebianLike(osRelease) {
  const ids = [...osRelease.matchAll(/^(?:ID|ID_LIKE)=(.*)$/gm)].flatMap((match) => match[1].replaceAll('"', '').split(' '));
  return ids.includes('debian') || ids.includes('ubuntu');
}

/** Ubuntu's chromium packages only install a snap, which containers and build servers cannot run. */
export function isUbuntu(osRelease) {
  return /^ID="?ubuntu"?$/m.test(osRelease);
}

function hasPackageLists(folder) {
  try {
    return readdirSync(folder).some((name) => name.endsWith('_Packages') || name.includes('_Packages.'));
  } catch {
    return false;
  }
}

/**
 * @param host {env, isRoot, say, listsFolder}: environment (its PATH finds apt-get and sudo), who we are, where lines go,
 *   and where apt keeps its package lists.
 * @returns 'installed', 'no-rights' or 'failed'
 */
export async function installPackages(packages, host) {
  const { env, isRoot, say } = host;
  if (which('apt-get', env) === null) return 'failed';
  // `true` prints nothing, so what counts is that the command was let through.
  if (!isRoot && ask('sudo', ['-n', 'true'], env) === null) return 'no-rights';
  const apt = async (args) => {
    // sudo clears the environment: env sets it again behind sudo. The lock of a running unattended upgrade is waited for.
    const words = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-o', 'DPkg::Lock::Timeout=300', ...args];
    const [command, ...rest] = isRoot ? words : ['sudo', '-n', ...words];
    say(`$ ${asTyped(command, rest)}`);
    return run(command, rest, { env });
  };
  const update = () => apt(['update']);
  const install = () => apt(['install', '-y', '--no-install-recommends', ...packages]);
  const fresh = !hasPackageLists(host.listsFolder);
  if (fresh) await update();
  if ((await install()) === 0) return 'installed';
  // Old lists name versions that the mirrors no longer have.
  if (fresh || (await update()) !== 0) return 'failed';
  return (await install()) === 0 ? 'installed' : 'failed';
}
