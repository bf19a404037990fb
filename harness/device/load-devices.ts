import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ErrorObject } from 'ajv';
import { HilError } from '../errors.ts';
import { lazyValidator } from '../json-schema.ts';
import type { DeviceSpec } from './spec.ts';
import { closest } from '../closest.ts';

/** Folder of the device files that come with hil. */
export const builtInDevices = fileURLToPath(new URL('../../devices/', import.meta.url));

const FILE_LIMIT_BYTES = 64 * 1024;
const validator = lazyValidator(() => JSON.parse(readFileSync(new URL('./device.schema.json', import.meta.url), 'utf8')) as object);

/** The folders to look in: hil's own, then that of the environment variable HIL_DEVICES. */
export function deviceDirs(env: NodeJS.ProcessEnv = process.env): string[] {
  return [builtInDevices, ...(env['HIL_DEVICES'] ? [env['HIL_DEVICES']] : [])];
}

/**
 * All device files of the folders, checked, in the order of their ids.
 * @throws HilError 'config' naming the file and the JSON path of what is wrong
 */
export async function loadDevices(dirs: readonly string[] = deviceDirs()): Promise<DeviceSpec[]> {
  const files = (await Promise.all(dirs.map(listFolder))).flat();
  const specs = await Promise.all(files.map(async (file) => ({ file, spec: await loadDevice(file) })));
  const seen = new Map<string, string>();
  for (const { file, spec } of specs) {
    const first = seen.get(spec.id);
    if (first !== undefined) {
      throw bad('device.defined-twice', file, `$.id: device ${spec.id} is already defined in ${first}`, 'Give the device another id, and its file that name.');
    }
    seen.set(spec.id, file);
  }
  return specs.map((each) => each.spec).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** @throws HilError 'config' device.unknown, with the nearest ids as a hint */
export function findDevice(devices: readonly DeviceSpec[], id: string): DeviceSpec {
  const found = devices.find((device) => device.id === id);
  if (found !== undefined) return found;
  const ids = devices.map((device) => device.id);
  const near = closest(id, ids);
  throw new HilError('config', 'device.unknown', `there is no device ${JSON.stringify(id)}`, {
    hint: near === null ? `Known devices: ${ids.join(', ')}.` : `Did you mean ${near}? Known devices: ${ids.join(', ')}.`,
    facts: { id, known: ids },
  });
}

async function listFolder(dir: string): Promise<string[]> {
  try {
    return (await readdir(dir)).filter((name) => name.endsWith('.json')).sort().map((name) => join(dir, name));
  } catch (cause) {
    throw new HilError('config', 'device.no-folder', `cannot read the folder of device files ${dir}`, {
      hint: 'HIL_DEVICES must name a folder with device files, or be unset.', cause,
    });
  }
}

/** One device file. @throws HilError 'config' */
export async function loadDevice(file: string): Promise<DeviceSpec> {
  let value: unknown;
  try {
    const bytes = await readFile(file);
    if (bytes.length > FILE_LIMIT_BYTES) throw new Error(`larger than ${FILE_LIMIT_BYTES} bytes`);
    value = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw bad('device.unreadable', file, `cannot be read as JSON: ${(cause as Error).message}`, 'Correct the file.', cause);
  }
  const validate = validator();
  if (!validate(value)) throw bad('device.invalid', file, explain(validate.errors ?? []), 'Correct the file; the schema is harness/device/device.schema.json.');
  const spec = value as DeviceSpec;
  if (basename(file) !== `${spec.id}.json`) {
    throw bad('device.invalid', file, `$.id: is ${spec.id}, so the file must be named ${spec.id}.json`, 'Rename the file or change the id.');
  }
  return spec;
}

function explain(errors: readonly ErrorObject[]): string {
  const lines = errors.filter((error) => !['if', 'anyOf', 'oneOf', 'then', 'else'].includes(error.keyword)).map((error) => {
    const path = `$${error.instancePath.replaceAll('/', '.')}`;
    const params = error.params as Record<string, unknown>;
    if (error.keyword === 'additionalProperties') return `${path}.${String(params['additionalProperty'])}: unknown field`;
    if (error.keyword === 'enum') return `${path}: must be one of ${(params['allowedValues'] as unknown[]).join(', ')}`;
    if (error.keyword === 'const') return `${path}: must be ${JSON.stringify(params['allowedValue'])}`;
    if (error.keyword === 'false schema') return `${path}: is not for devices of this kind`;
    return `${path}: ${error.message ?? 'is wrong'}`;
  });
  return [...new Set(lines)].slice(0, 8).join('; ');
}

function bad(code: string, file: string, what: string, hint: string, cause?: unknown): HilError {
  return new HilError('config', code, `${file}: ${what}`, { hint, facts: { file }, cause });
}
