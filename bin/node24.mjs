/**
 * Which Node runs hil's TypeScript. Dependency-free and old syntax only: this file runs before anything is installed.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const NEEDED_MAJOR = 24;
export const REPOSITORY = dirname(dirname(fileURLToPath(import.meta.url)));

/** True where this very process can run the TypeScript itself. */
export function isNewEnough(version = process.versions.node) {
  return Number(version.split('.')[0]) >= NEEDED_MAJOR;
}

/**
 * Path of a Node that strips types, or null where none is installed.
 * The package `node` is asked for its binary directly: `.bin/node` is only a link to it, which some file systems lack.
 */
export function findNode24(repository = REPOSITORY, version = process.versions.node) {
  if (isNewEnough(version)) return process.execPath;
  const pinned = join(repository, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  return existsSync(pinned) ? pinned : null;
}
