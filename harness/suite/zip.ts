import { crc32, inflateRawSync } from 'node:zlib';
import { FormatError } from './npy.ts';

export interface ZipLimits {
  readonly entries: number;
  /** Of all entries together, unpacked. */
  readonly bytes: number;
}

const LIMITS: ZipLimits = { entries: 1000, bytes: 1024 * 1024 * 1024 };
/** "Version made by" whose external attributes hold a Unix mode in their upper half; the bits of it that tell what a name stands for. */
const MADE_BY_UNIX = 3;
const [FILE_KIND, REGULAR_FILE, FOLDER] = [0o170000, 0o100000, 0o040000];
const [END, CENTRAL, LOCAL] = [0x06054b50, 0x02014b50, 0x04034b50];

/**
 * Unpacks a ZIP archive (stored and deflated entries, no ZIP64, no encryption) into name -> bytes. Sizes come from the
 * central directory, are bounded before anything is unpacked, and must then be exactly right, as must the CRC-32: an
 * archive that would swell to more than it declares is refused, not unpacked.
 * @throws FormatError
 */
export function unzip(bytes: Uint8Array, limits: ZipLimits = LIMITS): Map<string, Uint8Array> {
  return new Map(zipEntries(bytes, limits));
}

/** As unzip(), one entry after the other, so that only one is in memory; what is wrong with the directory is said before the first. @throws FormatError */
export function* zipEntries(bytes: Uint8Array, limits: ZipLimits = LIMITS): Generator<readonly [name: string, data: Uint8Array]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  if (count > limits.entries) throw new FormatError(`has ${count} entries; at most ${limits.entries} are read`);
  let at = view.getUint32(end + 16, true);
  let left = limits.bytes;
  const places = new Map<string, { readonly at: number; readonly size: number }>();
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== CENTRAL) throw new FormatError('has a damaged directory');
    const nameBytes = view.getUint16(at + 28, true);
    const next = at + 46 + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > bytes.length) throw new FormatError('has a damaged directory');
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameBytes));
    const size = view.getUint32(at + 24, true);
    left -= size;
    if (left < 0) throw new FormatError(`unpacks to more than ${limits.bytes} bytes`);
    if (places.has(name)) throw new FormatError(`has two entries ${JSON.stringify(name)}`);
    const kind = (view.getUint32(at + 38, true) >>> 16) & FILE_KIND;
    if (view.getUint8(at + 5) === MADE_BY_UNIX && kind !== 0 && kind !== REGULAR_FILE && kind !== FOLDER) throw new FormatError(`has the entry ${JSON.stringify(name)}, which is a link or a device, no file`);
    places.set(name, { at, size });
    at = next;
  }
  for (const [name, place] of places) yield [name, unpack(bytes, view, place.at, name, place.size)];
}

/** The end record stands last, before a comment of at most 65535 bytes. */
function findEnd(view: DataView): number {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 65_535); at -= 1) {
    if (view.getUint32(at, true) === END) return at;
  }
  throw new FormatError('is not a ZIP archive, or ends early');
}

function unpack(bytes: Uint8Array, view: DataView, at: number, name: string, size: number): Uint8Array {
  const shown = JSON.stringify(name);
  const packedBytes = view.getUint32(at + 20, true);
  const local = view.getUint32(at + 42, true);
  if (view.getUint16(at + 8, true) & 1) throw new FormatError(`has the encrypted entry ${shown}`);
  if ([packedBytes, size, local].includes(0xffffffff)) throw new FormatError(`has the entry ${shown} in ZIP64 form, which is not read`);
  if (local + 30 > bytes.length || view.getUint32(local, true) !== LOCAL) throw new FormatError(`has a damaged entry ${shown}`);
  const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (start + packedBytes > bytes.length) throw new FormatError(`ends within the entry ${shown}`);
  const packed = bytes.subarray(start, start + packedBytes);
  const data = inflate(packed, view.getUint16(at + 10, true), size, shown);
  if (data.length !== size || crc32(data) !== view.getUint32(at + 16, true)) throw new FormatError(`has a damaged entry ${shown} (size or CRC-32)`);
  return data;
}

function inflate(packed: Uint8Array, method: number, size: number, shown: string): Uint8Array {
  if (method === 0) return packed;
  if (method !== 8) throw new FormatError(`has the entry ${shown} packed by method ${method}; stored and deflated are read`);
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
  } catch (cause) {
    throw new FormatError(`has a damaged entry ${shown}: ${(cause as Error).message}`);
  }
}
