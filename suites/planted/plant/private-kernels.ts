import type { Files } from './planting.ts';

/**
 * The same network with kernels of its own, so that they can be changed while others of the image keep theirs: every nn_ and
 * naive_ name becomes <network>_nn_ and <network>_naive_. Guards of headers are renamed with the rest.
 */
export function privateKernels(files: Files, network: string): Files {
  const rename = (text: string): string => text.replace(/\b(nn|naive)_/g, `${network}_$1_`).replace(/\b(NN|NAIVE)_/g, `${network.toUpperCase()}_$1_`);
  return new Map([...files].map(([name, text]) => (/\.[ch]$/.test(name) ? [rename(name), rename(text)] : [name, text])));
}

/**
 * Replaces text that must stand there exactly once.
 * @throws Error where it does not: the generated C has changed
 */
export function replaceOnce(files: Files, file: string, from: string, to: string): Files {
  const text = files.get(file) ?? '';
  if (text.split(from).length !== 2) throw new Error(`${JSON.stringify(from)} stands ${text.split(from).length - 1} times in ${file}`);
  return new Map([...files, [file, text.replace(from, () => to)]]);
}
