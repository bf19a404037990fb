import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { HilError } from '../errors.ts';
import { resolveInside } from './inside.ts';
import { FormatError } from './npy.ts';
import { suiteError } from './suite-error.ts';
import type { Place } from './suite-error.ts';
import type { CaseJson } from './suite.ts';
import { unzip } from './zip.ts';

/** No model for a microcontroller comes near it. */
export const MODEL_LIMIT_BYTES = 256 * 1024 * 1024;

/** Folder of models that suites name by URL: one file each, named by its SHA-256. */
export function modelCacheFolder(env: NodeJS.ProcessEnv): string {
  return env['HIL_MODEL_CACHE'] ?? join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'hil', 'models');
}

/** Archives of models that have been unpacked, by path. */
export type Archives = Map<string, ReadonlyMap<string, Uint8Array>>;

const ARCHIVE_LIMITS = { entries: 65_535, bytes: MODEL_LIMIT_BYTES };

/** The model's bytes, from the suite or the cache, with the right SHA-256. @throws HilError 'config' */
export function loadModelBytes(root: string, model: CaseJson['model'], place: Place, cacheFolder: string, archives: Archives): { given: string; bytes: Uint8Array } {
  if ((model.file === undefined) === (model.url === undefined)) {
    throw suiteError('invalid', place, 'expected either file or url', { expected: 'file or url', got: Object.keys(model) });
  }
  if (model.file !== undefined) {
    const file = resolveInside(root, model.file, 'file', { ...place, json: `${place.json}.file` });
    if (model.entry === undefined) return { given: model.file, bytes: checked(read(file.path, place, model.file), model.sha256, place, model.file) };
    const given = `${model.file}/${model.entry}`;
    const bytes = archiveOf(file.path, place, model.file, archives).get(model.entry);
    if (bytes === undefined) throw suiteError('no-entry', { ...place, json: `${place.json}.entry` }, `${JSON.stringify(model.file)} has no entry ${JSON.stringify(model.entry)}`, { expected: model.entry });
    return { given, bytes: checked(bytes, model.sha256, place, given) };
  }
  if (model.entry !== undefined) throw suiteError('invalid', { ...place, json: `${place.json}.entry` }, 'only a file has entries, no url', { got: model.entry });
  const url = model.url ?? '';
  const cached = join(cacheFolder, model.sha256);
  if (statSync(cached, { throwIfNoEntry: false }) === undefined) {
    throw suiteError('no-model', place, `the model is not here. It is ${url} with SHA-256 ${model.sha256}`, { expected: cached, got: null },
      `Type: hil models ${JSON.stringify(root)}; or save it yourself as ${cached} (HIL_MODEL_CACHE names another folder).`);
  }
  return { given: url, bytes: checked(read(cached, place, cached), model.sha256, place, cached) };
}

function archiveOf(path: string, place: Place, name: string, archives: Archives): ReadonlyMap<string, Uint8Array> {
  const known = archives.get(path);
  if (known !== undefined) return known;
  try {
    const entries = unzip(read(path, place, name), ARCHIVE_LIMITS);
    archives.set(path, entries);
    return entries;
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw suiteError('not-zip', { ...place, json: `${place.json}.file` }, `${JSON.stringify(name)} ${cause.message}`, { got: name });
  }
}

function read(path: string, place: Place, name: string): Uint8Array {
  try {
    if (statSync(path).size > MODEL_LIMIT_BYTES) throw new Error(`larger than ${MODEL_LIMIT_BYTES} bytes`);
    return readFileSync(path);
  } catch (cause) {
    throw new HilError('config', 'suite.unreadable', `${place.file}: ${place.json}: cannot read ${JSON.stringify(name)}: ${(cause as Error).message}`, { cause });
  }
}

function checked(bytes: Uint8Array, sha256: string, place: Place, name: string): Uint8Array {
  const got = createHash('sha256').update(bytes).digest('hex');
  if (got !== sha256) {
    throw suiteError('model-hash', { ...place, json: `${place.json}.sha256` }, `${JSON.stringify(name)} has SHA-256 ${got}, not ${sha256}`, { expected: sha256, got },
      'Another model than the suite was written for. If it is meant, put its SHA-256 into the suite.');
  }
  return bytes;
}
