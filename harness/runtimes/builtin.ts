import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateC, type GeneratedNetwork } from '../codegen/index.ts';
import { HilError } from '../errors.ts';
import { checkManifest } from './check-manifest.ts';
import type { Runtime, RuntimeRequest } from './runtime.ts';

/** hil's own generator. Writes the C into request.workDir, each file under a temporary name first. */
export const builtin: Runtime = {
  kind: 'builtin',
  async check(request) {
    return generate(request).manifest;
  },
  async prepare(request) {
    const { workDir } = request;
    const { manifest, files } = generate(request);
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

function generate({ model, name, profile, core }: Omit<RuntimeRequest, 'workDir'>): GeneratedNetwork {
  const generated = generateC(model, { name, ...(profile === undefined ? {} : { profile }), ...(core === undefined ? {} : { core }) });
  checkManifest(generated.manifest, model);
  return generated;
}
