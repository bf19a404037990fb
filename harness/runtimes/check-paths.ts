import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { HilError } from '../errors.ts';
import type { BuildRecipe } from './manifest.ts';

type Kind = 'file' | 'folder';

const LISTS: readonly (readonly [keyof Pick<BuildRecipe, 'sources' | 'objects' | 'libraries' | 'includeDirs'>, Kind])[] = [
  ['sources', 'file'],
  ['objects', 'file'],
  ['libraries', 'file'],
  ['includeDirs', 'folder'],
];

/**
 * Checks that everything a build recipe names exists and lies in `root`, symbolic links followed.
 *
 * @param root absolute folder of network.json
 * @throws HilError config with facts.path, the JSON path of the entry
 */
export async function checkPaths(recipe: BuildRecipe, root: string): Promise<void> {
  const realRoot = await realpath(root);
  for (const [list, kind] of LISTS) {
    for (const [index, entry] of recipe[list].entries()) {
      const path = `/build/${list}/${index}`;
      // A backslash is a separator on some hosts only; a recipe must mean the same on all of them.
      if (isAbsolute(entry) || /[\\\0]/.test(entry) || /^[A-Za-z]:/.test(entry)) refuse(path, 'is no relative path with forward slashes', entry);
      if (!isInside(root, resolve(root, entry))) refuse(path, 'leaves the folder of network.json', entry);
      const real = await realpath(resolve(root, entry)).catch(() => null);
      if (real === null) return refuse(path, 'does not exist', entry);
      if (!isInside(realRoot, real)) refuse(path, 'leads out of the folder of network.json by a symbolic link', entry);
      const info = await stat(real);
      if (kind === 'file' ? !info.isFile() : !info.isDirectory()) refuse(path, `is no ${kind}`, entry);
    }
  }
  if (recipe.sources.length + recipe.objects.length + recipe.libraries.length === 0) refuse('/build/sources', 'names nothing to build', '');
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function refuse(path: string, reason: string, entry: string): never {
  throw new HilError('config', 'runtimes.path', `The network's manifest names a file that can't be used: ${path} ${reason}.`, { facts: { path, reason, entry } });
}
