import { lstat, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { HilError } from '../errors.ts';
import { ownedName, ownerOfName } from './process-identity.ts';

/** Folders of owners that cannot be looked at (another container on the same disk) go after this time. */
const FOREIGN_AGE_MS = 6 * 3600 * 1000;

export interface WorkDir {
  /** Absolute; short, because a Unix socket's path has at most 107 bytes. Mode 0700. */
  readonly path: string;
  /** Removes the folder and all in it. Safe to call twice. */
  remove(): Promise<void>;
}

/**
 * A private temporary folder of this process. Folders that dead processes left behind are removed on the way.
 * @param base folder for them; default `<system's temporary folder>/hil-<user id>`
 * @throws HilError 'bench' where the base folder belongs to someone else or cannot be made
 */
export async function createWorkDir(base: string = defaultBase()): Promise<WorkDir> {
  await makePrivate(base);
  await sweepOwned(base);
  const path = join(base, ownedName());
  await mkdir(path, { mode: 0o700 });
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}

function defaultBase(): string {
  return join(tmpdir(), `hil-${process.getuid?.() ?? userInfo().username}`);
}

async function makePrivate(base: string): Promise<void> {
  try {
    await mkdir(base, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new HilError('bench', 'device.no-temp-folder', `cannot make the temporary folder ${base}`, {
      hint: 'Set TMPDIR to a folder that can be written.', cause,
    });
  }
  // In a shared /tmp another user could have made it first, to read or plant files.
  const found = await lstat(base);
  const uid = process.getuid?.();
  if (!found.isDirectory() || (uid !== undefined && (found.uid !== uid || (found.mode & 0o022) !== 0))) {
    throw new HilError('bench', 'device.temp-folder-not-private', `the temporary folder ${base} is not a private folder of this user`, {
      hint: `Remove ${base}, or set TMPDIR to another folder.`,
    });
  }
}

/** Removes what dead owners left in a folder whose entries are named by ownedName(). Other names are not touched. */
export async function sweepOwned(base: string): Promise<void> {
  const names = await readdir(base).catch(() => []);
  await Promise.all(names.map(async (name) => {
    const owner = ownerOfName(name);
    if (owner === null || owner === 'alive') return;
    const path = join(base, name);
    if (owner === 'unknown') {
      const age = await stat(path).then((s) => Date.now() - s.mtimeMs, () => 0);
      if (age < FOREIGN_AGE_MS) return;
    }
    // A compiler that outlived its killed parent may still write here: what cannot go now goes next time.
    await rm(path, { recursive: true, force: true, maxRetries: 2 }).catch(() => undefined);
  }));
}
