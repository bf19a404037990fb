import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HilError } from '../errors.ts';
import { modelCacheFolder, MODEL_LIMIT_BYTES } from './model-bytes.ts';
import { readSuiteJson } from './load-suite.ts';

/** A model that a suite names by URL. */
export interface RemoteModel {
  readonly url: string;
  readonly sha256: string;
}

/** How a model came to be in the cache. */
export interface FetchedModel extends RemoteModel {
  /** Where it is now. */
  readonly path: string;
  readonly how: 'already there' | 'copied' | 'downloaded';
  /** The file it was copied from. */
  readonly source?: string;
}

/** Gets the bytes of a URL. @throws HilError 'bench' where they can't be had */
export type Download = (url: string, signal: AbortSignal) => Promise<Uint8Array>;

export interface FetchOptions {
  /** Folders in which the models may be found under any name. */
  readonly from: readonly string[];
  readonly download: Download;
  readonly signal: AbortSignal;
  readonly env?: NodeJS.ProcessEnv;
  readonly onModel?: (model: FetchedModel) => void;
}

/** The models that a suite names by URL, each once. @throws HilError 'config' for a suite that can't be read */
export function remoteModels(dirOrFile: string): RemoteModel[] {
  const { json } = readSuiteJson(dirOrFile);
  const models = json.cases.flatMap(({ model: { url, sha256 } }) => (url === undefined ? [] : [{ url, sha256 }]));
  return [...new Map(models.map((model) => [model.sha256, model])).values()];
}

/**
 * Puts models into the cache: from a folder where one has them, else from their URL. What is in the cache afterwards has the right
 * SHA-256; a file appears there whole or not at all.
 * @throws HilError 'bench' for a download that fails or gives something else; 'config' for a folder that can't be read
 */
export async function fetchModels(models: readonly RemoteModel[], options: FetchOptions): Promise<FetchedModel[]> {
  const cache = modelCacheFolder(options.env ?? process.env);
  await mkdir(cache, { recursive: true });
  const known = await hashFolders(options.from);
  const results: FetchedModel[] = [];
  for (const model of models) {
    const result = await fetchOne(model, cache, known, options);
    options.onModel?.(result);
    results.push(result);
  }
  return results;
}

async function fetchOne(model: RemoteModel, cache: string, known: ReadonlyMap<string, string>, { download, signal }: FetchOptions): Promise<FetchedModel> {
  const { sha256, url } = model;
  const path = join(cache, sha256);
  if ((await hashOf(path)) === sha256) return { ...model, path, how: 'already there' };
  const source = known.get(sha256);
  if (source !== undefined) {
    await put(path, await readFile(source));
    return { ...model, path, how: 'copied', source };
  }
  const bytes = await download(url, signal);
  const got = createHash('sha256').update(bytes).digest('hex');
  if (got !== sha256) {
    throw new HilError('bench', 'models.hash', `${url} gave ${bytes.length} bytes with SHA-256 ${got}, not ${sha256}`, {
      hint: 'Something between here and there changed it, or the file behind the URL is another one now.', facts: { url, expected: sha256, got },
    });
  }
  await put(path, bytes);
  return { ...model, path, how: 'downloaded' };
}

async function put(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, bytes);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new HilError('bench', 'models.write', `cannot write ${path}: ${(cause as Error).message}`, { hint: 'HIL_MODEL_CACHE names another folder.', cause });
  }
}

/** SHA-256 -> path of every file in the folders that may be a model. */
async function hashFolders(folders: readonly string[]): Promise<Map<string, string>> {
  const known = new Map<string, string>();
  for (const folder of folders) {
    let names: string[];
    try {
      names = await readdir(folder);
    } catch (cause) {
      throw new HilError('config', 'models.folder', `cannot read the folder ${folder}: ${(cause as Error).message}`, { cause });
    }
    for (const name of names.sort()) {
      const path = join(folder, name);
      const sha256 = await hashOf(path);
      if (sha256 !== null) known.set(sha256, path);
    }
  }
  return known;
}

/** null for what is no readable file of a model's size. */
async function hashOf(path: string): Promise<string | null> {
  const info = await stat(path).catch(() => null);
  if (info === null || !info.isFile() || info.size > MODEL_LIMIT_BYTES) return null;
  return readFile(path).then((bytes) => createHash('sha256').update(bytes).digest('hex'), () => null);
}

const DOWNLOAD_TIMEOUT_MS = 120_000;

/** Over HTTPS, within two minutes, at most as large as a model may be. @throws HilError 'bench' models.download */
export const download: Download = async (url, signal) => {
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS)]) });
    if (!response.ok || response.body === null) throw new Error(`HTTP status ${response.status}`);
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of response.body) {
      size += part.length;
      if (size > MODEL_LIMIT_BYTES) throw new Error(`more than ${MODEL_LIMIT_BYTES} bytes`);
      parts.push(part);
    }
    return Buffer.concat(parts);
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    const reason = cause instanceof Error ? (cause.cause instanceof Error ? `${cause.message}: ${cause.cause.message}` : cause.message) : String(cause);
    throw new HilError('bench', 'models.download', `cannot download ${url}: ${reason}`, {
      hint: 'Download it some other way and say: hil models SUITE --from FOLDER.', facts: { url }, cause,
    });
  }
};
