import { sep } from 'node:path';

/** A folder and the name by which key, debug information and messages know it, so that none depends on where it is. */
export interface Root {
  /** Absolute, without a separator at the end. */
  readonly path: string;
  readonly label: string;
}

const longestFirst = (roots: readonly Root[]): Root[] => [...roots].sort((a, b) => b.path.length - a.path.length);

/** `path` with its root replaced by the root's label; unchanged outside of all roots. */
export function relabel(path: string, roots: readonly Root[]): string {
  for (const root of longestFirst(roots)) {
    if (path === root.path) return root.label;
    if (path.startsWith(root.path + sep)) return `${root.label}/${path.slice(root.path.length + 1).replaceAll(sep, '/')}`;
  }
  return path;
}

/** The way back from relabel(): a name with a root's label to the path it has now. */
export function unlabel(name: string, roots: readonly Root[]): string {
  const root = roots.find((each) => name.startsWith(`${each.label}/`));
  return root === undefined ? name : `${root.path}${sep}${name.slice(root.label.length + 1)}`;
}

/** Every mention of a root inside a text (an argument, a compiler's message) replaced by its label. */
export function relabelText(text: string, roots: readonly Root[]): string {
  return longestFirst(roots).reduce((all, root) => all.split(root.path + sep).join(`${root.label}/`).split(root.path).join(root.label), text);
}

/** Tools that read debug information put the label of the folder that was compiled in before the label of a source. */
export function withoutBuildFolder(text: string): string {
  return text.replace(/(^|\s)build\/(?=(?:network|board|firmware)\/)/g, '$1');
}

/** Compiler flags that do the same for __FILE__ and debug information. The last one that fits wins. */
export function prefixMaps(roots: readonly Root[]): string[] {
  return longestFirst(roots).reverse().map((root) => `-ffile-prefix-map=${root.path}=${root.label}`);
}
