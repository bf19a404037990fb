/** Just enough of NumPy's .npy format (version 1.0, C order) for this suite's float32 files. */

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0];
/** Data starts at a multiple of this, bytes. */
const ALIGNMENT = 64;

export interface FloatArray {
  shape: number[];
  data: Float32Array;
}

export function encodeFloat32(shape: readonly number[], values: ArrayLike<number>): Uint8Array {
  const count = shape.reduce((a, b) => a * b, 1);
  if (count !== values.length) throw new RangeError(`shape [${shape.join(', ')}] wants ${count} values, got ${values.length}`);
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`;
  const head = Math.ceil((MAGIC.length + 2 + text.length + 1) / ALIGNMENT) * ALIGNMENT;
  const out = new Uint8Array(head + 4 * count).fill(0x20, 0, head - 1);
  const view = new DataView(out.buffer);
  out.set(MAGIC);
  view.setUint16(MAGIC.length, head - MAGIC.length - 2, true);
  out.set(new TextEncoder().encode(text), MAGIC.length + 2);
  out[head - 1] = 0x0a;
  for (let i = 0; i < count; i++) view.setFloat32(head + 4 * i, values[i] ?? Number.NaN, true);
  return out;
}

export function parseFloat32(bytes: Uint8Array): FloatArray {
  if (MAGIC.some((b, i) => bytes[i] !== b)) throw new TypeError('not a version 1.0 .npy file');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = MAGIC.length + 2 + view.getUint16(MAGIC.length, true);
  const head = new TextDecoder('latin1').decode(bytes.subarray(MAGIC.length + 2, start));
  const shape = /'shape': \(([\d, ]*)\)/.exec(head)?.[1];
  if (!head.includes("'descr': '<f4'") || !head.includes("'fortran_order': False") || shape === undefined) {
    throw new TypeError(`want little-endian float32 in C order, got ${head.trim()}`);
  }
  const dims = shape.split(',').map((s) => s.trim()).filter((s) => s !== '').map(Number);
  const count = dims.reduce((a, b) => a * b, 1);
  if (bytes.length !== start + 4 * count) throw new RangeError(`shape (${shape}) wants ${count} values, the file holds ${(bytes.length - start) / 4}`);
  return { shape: dims, data: Float32Array.from({ length: count }, (_, i) => view.getFloat32(start + 4 * i, true)) };
}
