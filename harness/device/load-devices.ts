import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HilError } from '../errors.ts';
import { lazyValidator } from '../json-schema.ts';
import { readRegularFile } from '../read-regular-file.ts';
import { closest } from '../closest.ts';
import { explain } from './explain-errors.ts';
import { bad, isObject, resolveLike, type JsonObject } from './like.ts';
import type { DeviceSpec } from './spec.ts';

/** Folder of the device files that come with hil. */
export const builtInDevices = fileURLToPath(new URL('../../devices/', import.meta.url));

const FILE_LIMIT_BYTES = 64 * 1024;
const validator = lazyValidator(() => JSON.parse(readFileSync(new URL('./device.schema.json', import.meta.url), 'utf8')) as object);

/** The folders to look in: hil's own, then that of the environment variable HIL_DEVICES. */
export function deviceDirs(env: NodeJS.ProcessEnv = process.env): string[] {
  return [builtInDevices, ...(env['HIL_DEVICES'] ? [env['HIL_DEVICES']] : [])];
}

/** A device and where it comes from. */
export interface DeviceFile {
  readonly spec: DeviceSpec;
  readonly file: string;
  /** It comes with hil, and so says nothing about what is here; a user's own file means a device that ought to be. */
  readonly builtIn: boolean;
  /** The device that it takes the rest of its fields from; null: none. */
  readonly like: string | null;
}

/**
 * All device files of the folders, checked, in the order of their ids.
 * @throws HilError 'config' naming the file and the JSON path of what is wrong
 */
export async function loadDevices(dirs: readonly string[] = deviceDirs()): Promise<DeviceSpec[]> {
  return (await loadDeviceFiles(dirs)).map(({ spec }) => spec);
}

/** loadDevices, with where each device comes from. @throws HilError 'config' */
export async function loadDeviceFiles(dirs: readonly string[] = deviceDirs()): Promise<DeviceFile[]> {
  const files = (await Promise.all(dirs.map(async (dir) => (await listFolder(dir)).map((file) => ({ file, builtIn: dir === builtInDevices }))))).flat();
  const read = await Promise.all(files.map(async ({ file, builtIn }) => ({ file, builtIn, value: await readDeviceFile(file) })));
  const byId = new Map<string, (typeof read)[number]>();
  for (const each of read) {
    const { id } = each.value;
    if (typeof id !== 'string') continue; // the schema will say so
    const first = byId.get(id);
    if (first !== undefined) throw bad('device.defined-twice', each.file, `$.id: device ${id} is already defined in ${first.file}`, 'Give the device another id, and its file that name.');
    byId.set(id, each);
  }
  return read.map(({ file, builtIn, value }): DeviceFile => ({
    spec: checkedSpec(file, resolveLike(file, value, byId)), file, builtIn, like: typeof value['like'] === 'string' ? value['like'] : null,
  })).sort((a, b) => (a.spec.id < b.spec.id ? -1 : 1));
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

/** The JSON object in a device file, unchecked. @throws HilError 'config' */
async function readDeviceFile(file: string): Promise<JsonObject> {
  let value: unknown;
  try {
    value = JSON.parse((await readRegularFile(file, FILE_LIMIT_BYTES)).toString('utf8'));
  } catch (cause) {
    throw bad('device.unreadable', file, `cannot be read as JSON: ${(cause as Error).message}`, 'Correct the file.', cause);
  }
  if (!isObject(value)) throw bad('device.invalid', file, '$: must be object', 'Correct the file; the schema is harness/device/device.schema.json.');
  return value;
}

/** @throws HilError 'config' */
function checkedSpec(file: string, value: JsonObject): DeviceSpec {
  const validate = validator();
  if (!validate(value)) throw bad('device.invalid', file, explain(validate.errors ?? []), 'Correct the file; the schema is harness/device/device.schema.json.');
  const spec = value as unknown as DeviceSpec;
  if (basename(file) !== `${spec.id}.json`) {
    throw bad('device.invalid', file, `$.id: is ${spec.id}, so the file must be named ${spec.id}.json`, 'Rename the file or change the id.');
  }
  return spec;
}
