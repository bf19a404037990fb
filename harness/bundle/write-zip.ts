import { zipSync, type Zippable } from 'fflate';
import { HilError } from '../errors.ts';
import { BUNDLE_LIMITS } from './limits.ts';

/** Fields of a ZIP directory are local time; this is its first moment in any zone, so equal files make equal bytes. */
const NO_TIME = new Date(1980, 0, 1);
const PACKED_ALREADY = /\.gz$/;
const LEVEL = 6;

/**
 * The same files give the same bytes, whenever and wherever.
 * @throws HilError 'config' bundle.too-large where no hil would read it
 */
export function writeZip(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const total = [...files.values()].reduce((sum, { length }) => sum + length, 0);
  if (files.size > BUNDLE_LIMITS.entries || total > BUNDLE_LIMITS.bytes) {
    throw new HilError('config', 'bundle.too-large', `${files.size} files with ${total} bytes are more than a bundle may have (${BUNDLE_LIMITS.entries}, ${BUNDLE_LIMITS.bytes})`, { hint: 'Choose fewer cases with --case and --device.' });
  }
  const entries: Zippable = {};
  for (const name of [...files.keys()].sort()) entries[name] = [files.get(name) as Uint8Array, { level: PACKED_ALREADY.test(name) ? 0 : LEVEL, mtime: NO_TIME }];
  return zipSync(entries);
}
