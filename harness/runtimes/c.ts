import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { HilError } from '../errors.ts';
import { checkManifest } from './check-manifest.ts';
import { checkPaths } from './check-paths.ts';
import { readManifest } from './read-manifest.ts';
import type { NetworkPackage } from './manifest.ts';
import type { Runtime, RuntimeRequest } from './runtime.ts';

/** A manifest of a network is small; more is no manifest. */
const MAX_MANIFEST_BYTES = 64 * 1024 * 1024;

/** C made earlier, by hand or by any other generator: a folder with network.json. Nothing is written. */
export const c: Runtime = {
  kind: 'c',
  async check(request) {
    return (await read(request)).manifest;
  },
  prepare: read,
};

async function read({ model, source }: Omit<RuntimeRequest, 'workDir'>): Promise<NetworkPackage> {
  if (source === undefined) {
    throw new HilError('config', 'runtimes.source', 'The generator "c" needs the folder that holds network.json.');
  }
  const root = resolve(source);
  const file = join(root, 'network.json');
  const text = await readText(file, root);
  const manifest = readManifest(text, file);
  checkManifest(manifest, model);
  await checkPaths(manifest.build, root);
  return { manifest, root };
}

async function readText(file: string, folder: string): Promise<string> {
  try {
    const info = await stat(file);
    if (info.size > MAX_MANIFEST_BYTES) throw new Error(`network.json has ${info.size} bytes`);
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new HilError('config', 'runtimes.source', `The folder ${folder} has no readable network.json.`, { hint: 'hil generate writes one beside the C.', facts: { folder }, cause });
  }
}
