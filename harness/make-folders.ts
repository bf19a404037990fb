import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Makes a folder and those above it. Not mkdir's `recursive`: in Node 24 it never comes back where a file system says ENOENT to a
 * mkdir in a folder that is there (/proc does).
 * @returns the topmost folder that had to be made; undefined where it was there @throws NodeJS.ErrnoException
 */
export async function makeFolders(dir: string): Promise<string | undefined> {
  const target = path.resolve(dir);
  const found = await stat(target).catch(() => null);
  if (found?.isDirectory() === true) return undefined;
  const above = path.dirname(target);
  const first = above === target ? undefined : await makeFolders(above);
  try {
    await mkdir(target);
  } catch (error) {
    // Another process made it meanwhile; a file of that name is no folder.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || (await stat(target).catch(() => null))?.isDirectory() !== true) throw error;
    return first;
  }
  return first ?? target;
}
