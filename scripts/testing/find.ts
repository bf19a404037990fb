import { readdirSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';

/** Folders with other people's code, or with what runs wrote. Those that begin with a dot are left out too. */
const NOT_OURS = new Set(['node_modules', 'work', 'reports', 'venv', '__pycache__']);

/** Every *.test.ts below `folder`, sorted. */
export function findTests(folder: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!NOT_OURS.has(entry.name) && !entry.name.startsWith('.')) found.push(...findTests(path));
    } else if (entry.isFile() && entry.name.endsWith('.test.ts')) found.push(path);
  }
  return found.sort();
}

/**
 * The files that `selection` names: paths of files or folders, or any part of a test's path. All where it is empty.
 * @throws Error where a word selects nothing: a typing error must not look like a pass
 */
export function selectTests(root: string, selection: readonly string[]): string[] {
  const all = findTests(root);
  if (selection.length === 0) return all;
  const chosen = new Set<string>();
  for (const word of selection) {
    const path = resolve(root, word);
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
    const matching = all.filter((file) => file === path || (isFolder ? file.startsWith(path + sep) : relative(root, file).includes(word)));
    if (matching.length === 0) throw new Error(`no *.test.ts matches ${JSON.stringify(word)}`);
    for (const file of matching) chosen.add(file);
  }
  return all.filter((file) => chosen.has(file));
}
