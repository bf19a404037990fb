import { realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, sep, win32 } from 'node:path';
import { suiteError } from './suite-error.ts';
import type { Place } from './suite-error.ts';
import type { SuiteFile } from './suite.ts';

/**
 * Resolves a path that a suite names. A suite may come from anywhere, so it reads nothing outside its own folder: not by an
 * absolute path, not by `..`, not through a symbolic link.
 * @param root the suite's folder, absolute, links resolved
 * @throws HilError 'config'
 */
export function resolveInside(root: string, given: string, kind: 'file' | 'folder', place: Place): SuiteFile {
  const outside = (why: string): Error => suiteError('path-outside', place, `${JSON.stringify(given)} ${why}`, { expected: `a path inside ${root}`, got: given },
    "Paths in a suite are relative to the suite's folder and stay inside it.");
  if (given.includes('\0')) throw outside('contains a NUL');
  if (isAbsolute(given) || win32.isAbsolute(given)) throw outside('is an absolute path');
  const joined = join(root, given);
  if (!isWithin(root, joined)) throw outside("leaves the suite's folder");
  let real: string;
  try {
    real = realpathSync(joined);
  } catch {
    throw suiteError('no-file', place, `there is no ${kind} ${JSON.stringify(given)}`, { expected: kind, got: given });
  }
  if (!isWithin(root, real)) throw outside("is a link that leaves the suite's folder");
  const stat = statSync(real);
  if (kind === 'file' ? !stat.isFile() : !stat.isDirectory()) {
    throw suiteError('no-file', place, `${JSON.stringify(given)} is not a ${kind}`, { expected: kind, got: given });
  }
  return { given, path: real };
}

function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
