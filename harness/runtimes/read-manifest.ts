import { readFileSync } from 'node:fs';
import type { ErrorObject } from 'ajv';
import { HilError } from '../errors.ts';
import { lazyValidator } from '../json-schema.ts';
import type { NetworkManifest } from './manifest.ts';

const validator = lazyValidator<NetworkManifest>(() => JSON.parse(readFileSync(new URL('./network.schema.json', import.meta.url), 'utf8')) as object);
const MAX_PROBLEMS = 10;

/**
 * network.json as text -> manifest, checked by network.schema.json. Unknown fields are refused.
 *
 * @param where for messages: the file's name as the user gave it
 * @throws HilError config with facts.problems, one '/json/path: what' each (at most ten)
 */
export function readManifest(text: string, where: string): NetworkManifest {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new HilError('config', 'runtimes.json', `${where} is no JSON.`, { cause });
  }
  const validate = validator();
  if (validate(parsed)) return parsed;
  const problems = (validate.errors ?? []).filter((error) => error.keyword !== 'if').map(problemText);
  throw new HilError('config', 'runtimes.schema', `${where} is no hil-network/1 manifest: ${problems[0] ?? 'unknown reason'}.`, {
    facts: { problems: problems.slice(0, MAX_PROBLEMS), count: problems.length },
  });
}

/** '/layers/0/taps: must be array'; an unknown field is named by its own path. */
function problemText(error: ErrorObject): string {
  const extra: unknown = error.params['additionalProperty'];
  const path = typeof extra === 'string' ? `${error.instancePath}/${extra.slice(0, 80).replaceAll('~', '~0').replaceAll('/', '~1')}` : error.instancePath;
  return `${path === '' ? '/' : path}: ${typeof extra === 'string' ? 'unknown field' : (error.message ?? error.keyword)}`;
}
