import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { HilError } from '../errors.ts';
import { FormatError, zipEntries } from '../suite/index.ts';
import { BUNDLE_LIMITS } from './limits.ts';
import { BUNDLE_FILE, manifestProblem, sha256Of, type BundleManifest } from './manifest.ts';

/** All that a bundle has; anything else is refused, so that no name can lead anywhere. */
const ALLOWED = [/^bundle\.json$/, /^README\.txt$/, /^report\.(json|html)$/, /^transcript\.ndjson$/, /^record\/(plan\.json|[0-9a-f]{64}\.gz)$/, /^images\/[A-Za-z0-9_][A-Za-z0-9._-]{0,150}$/,
  /^generated\/[A-Za-z0-9_][A-Za-z0-9._-]{0,150}\/[A-Za-z0-9_][A-Za-z0-9._-]{0,150}$/];

/**
 * Unpacks a bundle, which may come from anyone, into an empty folder. Each file must have the SHA-256 that bundle.json says, and
 * none may be missing.
 * @param shown names it in messages
 * @throws HilError 'config' bundle.unreadable | bundle.damaged; 'bench' bundle.not-unpacked for the disk
 */
export async function extractBundle(bytes: Uint8Array, shown: string, folder: string): Promise<BundleManifest> {
  const wrong = (what: string, cause?: unknown): HilError => new HilError('config', 'bundle.damaged', `${shown} is no sound bundle: ${what}`, { hint: 'Get it again from where it was made with hil bundle.', ...(cause === undefined ? {} : { cause }) });
  const found = new Map<string, string>();
  const folded = new Set<string>();
  let manifest: unknown = null;
  try {
    for (const [name, data] of zipEntries(bytes, BUNDLE_LIMITS)) {
      if (!ALLOWED.some((allowed) => allowed.test(name))) throw wrong(`it has ${JSON.stringify(name.slice(0, 200))}, which no bundle has`);
      // Two names may be one in a file system that does not tell cases apart.
      if (folded.has(name.toLowerCase())) throw wrong(`it has ${JSON.stringify(name)} twice`);
      folded.add(name.toLowerCase());
      if (name === BUNDLE_FILE) manifest = parsed(data);
      else found.set(name, sha256Of(data));
      await store(path.join(folder, ...name.split('/')), data);
    }
  } catch (error) {
    if (error instanceof FormatError) throw new HilError('config', 'bundle.unreadable', `${shown} ${error.message}`, { hint: 'Give a folder of a run, its report.json, or a file of hil bundle.', cause: error });
    throw error;
  }
  const problem = manifest === null ? 'it has no bundle.json' : manifestProblem(manifest);
  if (problem !== null) throw wrong(manifest === null ? problem : `bundle.json, ${problem}`);
  const { files } = manifest as BundleManifest;
  for (const [name, sha256] of found) if (!Object.hasOwn(files, name) || files[name] !== sha256) throw wrong(`${name} is not the file that bundle.json speaks of`);
  for (const name of Object.keys(files)) if (!found.has(name)) throw wrong(`${JSON.stringify(name.slice(0, 200))} is missing`);
  return manifest as BundleManifest;
}

function parsed(data: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(data).toString('utf8'));
  } catch {
    return undefined;
  }
}

async function store(file: string, data: Uint8Array): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, data, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    throw new HilError('bench', 'bundle.not-unpacked', `cannot unpack to ${file}: ${(cause as Error).message}`, { hint: 'Check the space there, or set TMPDIR to another folder.', cause });
  }
}
