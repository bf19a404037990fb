import { readdirSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';

/** Folders with other people's code, or with what runs wrote. Those that begin with a dot are left out too. */
const NOT_OURS = new Set(['node_modules', 'work', 'reports', 'venv', '__pycache__']);

/** Every file below `folder` whose name ends so, sorted. */
export function findFiles(folder: string, ending: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!NOT_OURS.has(entry.name) && !entry.name.startsWith('.')) found.push(...findFiles(path, ending));
    } else if (entry.isFile() && entry.name.endsWith(ending)) found.push(path);
  }
  return found.sort();
}

/**
 * The files that `selection` names: paths of files or folders, or any part of a file's path. All where it is empty.
 * @throws Error where a word selects nothing: a typing error must not look like a pass
 */
export function selectFiles(root: string, selection: readonly string[], ending: '.test.ts' | '.bench.ts'): string[] {
  const all = findFiles(root, ending);
  if (selection.length === 0) return all;
  const chosen = new Set<string>();
  for (const word of selection) {
    const path = resolve(root, word);
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
    const matching = all.filter((file) => file === path || (isFolder ? file.startsWith(path + sep) : relative(root, file).includes(word)));
    if (matching.length === 0) throw new Error(`no *${ending} matches ${JSON.stringify(word)}`);
    for (const file of matching) chosen.add(file);
  }
  return all.filter((file) => chosen.has(file));
}
