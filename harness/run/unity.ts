import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { NetworkPackage } from '../runtimes/index.ts';

/** Networks in one file: enough to save most of the compiler's starts, few enough to keep two cores busy with a pack of forty. */
const PER_FILE = 20;

/**
 * The packages of one image with the C of hil's own generator gathered into few files, which is compiled several times faster: kernels
 * and headers are read once. Other packages stay as they are.
 *
 * @param folder absolute; above the roots of the packages; gets the gathering files
 */
export async function gatherSources(packages: readonly NetworkPackage[], folder: string, name: string): Promise<NetworkPackage[]> {
  const own = packages.filter(({ manifest }) => manifest.generator.name === 'hil' && manifest.build.link === 'c' && manifest.build.objects.length === 0);
  const first = new Map<NetworkPackage, string>();
  for (let k = 0; k * PER_FILE < own.length; k++) {
    const part = own.slice(k * PER_FILE, (k + 1) * PER_FILE);
    const [head] = part;
    if (head === undefined) continue;
    const file = path.join(name, `${name}_${k}.c`);
    await mkdir(path.join(folder, name), { recursive: true });
    const includes = part.flatMap(({ manifest, root }) => manifest.build.sources.map((source) => `#include "${path.relative(path.join(folder, name), path.join(root, source))}"\n`));
    await writeFile(path.join(folder, file), includes.join(''));
    first.set(head, file);
  }
  return packages.map((one) => {
    if (!own.includes(one)) return one;
    const file = first.get(one);
    const flags = [...new Set(own.flatMap(({ manifest }) => manifest.build.flags))];
    return { root: folder, manifest: { ...one.manifest, build: { ...one.manifest.build, sources: file === undefined ? [] : [file], includeDirs: [], flags } } };
  });
}
