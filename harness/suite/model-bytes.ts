import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { HilError } from '../errors.ts';
import { resolveInside } from './inside.ts';
import { suiteError } from './suite-error.ts';
import type { Place } from './suite-error.ts';
import type { CaseJson } from './suite.ts';

/** No model for a microcontroller comes near it. */
export const MODEL_LIMIT_BYTES = 256 * 1024 * 1024;

/** Folder of models that suites name by URL: one file each, named by its SHA-256. */
export function modelCacheFolder(env: NodeJS.ProcessEnv): string {
  return env['HIL_MODEL_CACHE'] ?? join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'hil', 'models');
}

/** The model's bytes, from the suite or the cache, with the right SHA-256. @throws HilError 'config' */
export function loadModelBytes(root: string, model: CaseJson['model'], place: Place, cacheFolder: string): { given: string; bytes: Uint8Array } {
  if ((model.file === undefined) === (model.url === undefined)) {
    throw suiteError('invalid', place, 'expected either file or url', { expected: 'file or url', got: Object.keys(model) });
  }
  if (model.file !== undefined) {
    const file = resolveInside(root, model.file, 'file', { ...place, json: `${place.json}.file` });
    return { given: model.file, bytes: readChecked(file.path, model.sha256, place, model.file) };
  }
  const url = model.url ?? '';
  const cached = join(cacheFolder, model.sha256);
  if (statSync(cached, { throwIfNoEntry: false }) === undefined) {
    throw suiteError('no-model', place, `the model is not here. It is ${url} with SHA-256 ${model.sha256}`, { expected: cached, got: null },
      `Type: hil models ${JSON.stringify(root)}; or save it yourself as ${cached} (HIL_MODEL_CACHE names another folder).`);
  }
  return { given: url, bytes: readChecked(cached, model.sha256, place, cached) };
}

function readChecked(path: string, sha256: string, place: Place, name: string): Uint8Array {
  let bytes: Buffer;
  try {
    if (statSync(path).size > MODEL_LIMIT_BYTES) throw new Error(`larger than ${MODEL_LIMIT_BYTES} bytes`);
    bytes = readFileSync(path);
  } catch (cause) {
    throw new HilError('config', 'suite.unreadable', `${place.file}: ${place.json}: cannot read ${JSON.stringify(name)}: ${(cause as Error).message}`, { cause });
  }
  const got = createHash('sha256').update(bytes).digest('hex');
  if (got !== sha256) {
    throw suiteError('model-hash', { ...place, json: `${place.json}.sha256` }, `${JSON.stringify(name)} has SHA-256 ${got}, not ${sha256}`, { expected: sha256, got },
      'Another model than the suite was written for. If it is meant, put its SHA-256 into the suite.');
  }
  return bytes;
}
