import { countElements, MAX_ELEMENTS } from './nd-array.ts';
import type { NdArray, NdData, NdType } from './nd-array.ts';
import { parseNpyHeader } from './npy-header.ts';

/** A file that is not what its name says, or that hil does not read. Callers add the file's name. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** NumPy lets the data begin at a multiple of this, bytes. */
const ALIGNMENT = 64;

/** Element type code (without byte order) -> dtype and bytes. */
const TYPES: Readonly<Record<string, readonly [NdType, number]>> = {
  b1: ['bool', 1], i1: ['int8', 1], u1: ['uint8', 1], i2: ['int16', 2], u2: ['uint16', 2], i4: ['int32', 4], u4: ['uint32', 4],
  i8: ['int64', 8], u8: ['uint64', 8], f2: ['float16', 2], f4: ['float32', 4], f8: ['float64', 8],
};

/**
 * Reads a .npy file, versions 1 to 3: numbers in C order, of either byte order.
 * @throws FormatError for anything else, and where the file is longer or shorter than its header says
 */
export function parseNpy(bytes: Uint8Array): NdArray {
  if (MAGIC.some((byte, index) => bytes[index] !== byte)) throw new FormatError('is not a .npy file (its first bytes are wrong)');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const major = bytes[6];
  if (major === undefined || major < 1 || major > 3) throw new FormatError(`has .npy version ${major ?? 'none'}; versions 1 to 3 are read`);
  const lengthBytes = major === 1 ? 2 : 4;
  if (bytes.length < 8 + lengthBytes) throw new FormatError('ends within its header');
  const headerBytes = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const start = 8 + lengthBytes + headerBytes;
  // Checked before decoding: a header of 4 GB costs nothing to claim.
  if (headerBytes > 65_536) throw new FormatError(`has a header of ${headerBytes} bytes; at most 65536 are read`);
  if (start > bytes.length) throw new FormatError('ends within its header');
  const header = parseNpyHeader(new TextDecoder('utf-8').decode(bytes.subarray(8 + lengthBytes, start)));
  if (typeof header === 'string') throw new FormatError(header);
  if (header.fortranOrder) throw new FormatError('is in Fortran order; save it in C order (numpy.ascontiguousarray)');
  const known = Object.hasOwn(TYPES, header.descr.slice(1)) ? TYPES[header.descr.slice(1)] : undefined;
  if (known === undefined || !'<>|='.includes(header.descr[0] ?? ' ')) throw new FormatError(`has element type ${JSON.stringify(header.descr)}; numbers of 8 to 64 bits are read`);
  const [dtype, size] = known;
  const count = countElements(header.shape);
  if (count === null) throw new FormatError(`has shape (${header.shape.join(', ')}): more than ${MAX_ELEMENTS} elements`);
  if (bytes.length - start !== count * size) throw new FormatError(`has shape (${header.shape.join(', ')}), which takes ${count * size} bytes of data, but holds ${bytes.length - start}`);
  // A copy of its own buffer: typed arrays must begin at a multiple of their element size (and Buffer's slice copies nothing).
  const raw = new Uint8Array(bytes.subarray(start));
  if (header.descr.startsWith('>') && size > 1) swapBytes(raw, size);
  return { dtype, shape: header.shape, data: typed(dtype, raw) };
}

function swapBytes(raw: Uint8Array, size: number): void {
  const buffer = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  if (size === 2) buffer.swap16();
  else if (size === 4) buffer.swap32();
  else buffer.swap64();
}

/** Views `raw` (little-endian, as every machine that Node runs on) as elements. */
function typed(dtype: NdType, raw: Uint8Array): NdData {
  const { buffer } = raw;
  switch (dtype) {
    case 'bool': return raw.map((byte) => (byte === 0 ? 0 : 1));
    case 'uint8': return raw;
    case 'int8': return new Int8Array(buffer);
    case 'int16': return new Int16Array(buffer);
    case 'uint16': return new Uint16Array(buffer);
    case 'int32': return new Int32Array(buffer);
    case 'uint32': return new Uint32Array(buffer);
    case 'int64': return new BigInt64Array(buffer);
    case 'uint64': return new BigUint64Array(buffer);
    case 'float16': return Float32Array.from(new Uint16Array(buffer), widenHalf);
    case 'float32': return new Float32Array(buffer);
    case 'float64': return new Float64Array(buffer);
  }
}

/** Value of an IEEE 754 half-precision number. */
function widenHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * Writes a .npy file, version 1, C order.
 * @param data the elements, or their little-endian bytes (float16: bytes or a Uint16Array of bit patterns)
 * @throws FormatError where data and shape do not agree
 */
export function encodeNpy(array: { readonly dtype: NdType; readonly shape: readonly number[]; readonly data: ArrayBufferView }): Uint8Array {
  const head = encodeNpyHeader(array.dtype, array.shape);
  const bytes = array.shape.reduce((a, b) => a * b, 1) * codeOf(array.dtype)[1];
  if (bytes !== array.data.byteLength) throw new FormatError(`shape (${array.shape.join(', ')}) of ${array.dtype} takes ${bytes} bytes, not ${array.data.byteLength}`);
  const out = new Uint8Array(head.length + bytes);
  out.set(head);
  out.set(new Uint8Array(array.data.buffer, array.data.byteOffset, bytes), head.length);
  return out;
}

/**
 * All of a .npy file that comes before the data, for those who write it piece by piece.
 * @throws FormatError for a shape that is none, or one with more dimensions than NumPy takes
 */
export function encodeNpyHeader(dtype: NdType, shape: readonly number[]): Uint8Array {
  if (shape.length > 32 || shape.some((size) => !Number.isSafeInteger(size) || size < 0)) throw new FormatError(`(${shape.join(', ')}) is no shape`);
  const [code, size] = codeOf(dtype);
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '${size === 1 ? '|' : '<'}${code}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const start = Math.ceil((10 + text.length + 1) / ALIGNMENT) * ALIGNMENT;
  const head = new Uint8Array(start).fill(0x20);
  head.set(MAGIC);
  head.set([1, 0], 6);
  new DataView(head.buffer).setUint16(8, start - 10, true);
  head.set(new TextEncoder().encode(text), 10);
  head[start - 1] = 0x0a;
  return head;
}

function codeOf(dtype: NdType): readonly [code: string, bytes: number] {
  const entry = Object.entries(TYPES).find(([, [each]]) => each === dtype);
  if (entry === undefined) throw new FormatError(`cannot write elements of type ${dtype}`);
  return [entry[0], entry[1][1]];
}
