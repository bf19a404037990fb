import { closest } from '../closest.ts';
import { HilError } from '../errors.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parts of which a file may give single fields. */
const MERGED = ['serial', 'flasher', 'qemu', 'fvp', 'timeouts', 'labels', 'latency'];
/** True of one piece of hardware only: whoever is like it is another one. */
const NOT_TAKEN_OVER = ['quarantine'];

/**
 * A device file whose "like" names another: all fields of that one, with those of this file over them; of the parts in
 * MERGED single fields. A field that is null here is left out. The result is not checked.
 * @param byId the objects of all files
 * @throws HilError 'config' for an id that does not exist, and for files that are like each other in a circle
 */
export function resolveLike(file: string, value: JsonObject, byId: ReadonlyMap<string, { readonly file: string; readonly value: JsonObject }>): JsonObject {
  return resolve(file, value, byId, []);
}

function resolve(file: string, value: JsonObject, byId: Parameters<typeof resolveLike>[2], above: readonly string[]): JsonObject {
  if (!Object.hasOwn(value, 'like')) return value;
  const { like, ...own } = value;
  if (typeof like !== 'string') throw bad('device.invalid', file, '$.like: must be the id of another device', 'Name a device that hil devices lists.');
  const base = byId.get(like);
  if (base === undefined) {
    const near = closest(like, [...byId.keys()]);
    throw bad('device.unknown', file, `$.like: there is no device ${JSON.stringify(like)}`, near === null ? 'hil devices lists the ids.' : `Did you mean ${near}?`);
  }
  const path = [...above, file];
  if (path.includes(base.file)) throw bad('device.like-circle', file, `$.like: devices that are like each other in a circle: ${[...path.slice(path.indexOf(base.file)), base.file].join(' -> ')}`, 'One of them must say everything itself.');
  return merge(resolve(base.file, base.value, byId, path), own);
}

function merge(base: JsonObject, own: JsonObject): JsonObject {
  const taken = Object.entries(base).filter(([key]) => !NOT_TAKEN_OVER.includes(key));
  // Not an object literal: "__proto__" in a file must stay a plain key, which the schema refuses.
  const merged = new Map<string, unknown>(taken);
  for (const [key, value] of Object.entries(own)) {
    const before = merged.get(key);
    const inPart = MERGED.includes(key) && isObject(before) && isObject(value) && (key !== 'flasher' || value['tool'] === undefined || value['tool'] === before['tool']);
    if (value === null) merged.delete(key);
    else merged.set(key, inPart ? Object.fromEntries([...Object.entries(before), ...Object.entries(value)]) : value);
  }
  return Object.fromEntries(merged);
}

/** An error about a device file; `what` begins with the JSON path. */
export function bad(code: string, file: string, what: string, hint: string, cause?: unknown): HilError {
  return new HilError('config', code, `${file}: ${what}`, { hint, facts: { file }, cause });
}
