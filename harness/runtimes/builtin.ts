import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateC } from '../codegen/index.ts';
import { HilError } from '../errors.ts';
import { checkManifest } from './check-manifest.ts';
import type { Runtime } from './runtime.ts';

/** hil's own generator. Writes the C into request.workDir, each file under a temporary name first. */
export const builtin: Runtime = {
  kind: 'builtin',
  async prepare({ model, name, workDir, profile, core }) {
    const options = { name, ...(profile === undefined ? {} : { profile }), ...(core === undefined ? {} : { core }) };
    const { manifest, files } = generateC(model, options);
    checkManifest(manifest, model);
    try {
      await mkdir(workDir, { recursive: true });
      for (const [path, text] of files) {
        const target = join(workDir, path);
        await writeFile(`${target}.tmp`, text);
        await rename(`${target}.tmp`, target);
      }
    } catch (cause) {
      throw new HilError('bench', 'runtimes.write', 'The generated C could not be written.', { facts: { folder: workDir }, cause });
    }
    return { manifest, root: workDir };
  },
};
