import type { DType } from '../graph.ts';

const WRITERS: Partial<Record<DType, readonly [bytes: number, write: (view: DataView, at: number, value: number) => void]>> = {
  int8: [1, (v, at, x) => v.setInt8(at, x)],
  uint8: [1, (v, at, x) => v.setUint8(at, x)],
  bool: [1, (v, at, x) => v.setUint8(at, x)],
  int16: [2, (v, at, x) => v.setInt16(at, x, true)],
  uint16: [2, (v, at, x) => v.setUint16(at, x, true)],
  int32: [4, (v, at, x) => v.setInt32(at, x, true)],
  uint32: [4, (v, at, x) => v.setUint32(at, x, true)],
  float32: [4, (v, at, x) => v.setFloat32(at, x, true)],
  float64: [8, (v, at, x) => v.setFloat64(at, x, true)],
  int64: [8, (v, at, x) => v.setBigInt64(at, BigInt(x), true)],
  uint64: [8, (v, at, x) => v.setBigUint64(at, BigInt(x), true)],
};

/** Constant data as little-endian bytes. @throws TypeError for numbers of a type that has no encoding here */
export function encodeData(dtype: DType, data: readonly number[] | ArrayBufferView): Uint8Array {
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const writer = WRITERS[dtype];
  if (writer === undefined) throw new TypeError(`numbers cannot be encoded as ${dtype}, give bytes`);
  const [size, write] = writer;
  const bytes = new Uint8Array(size * data.length);
  const view = new DataView(bytes.buffer);
  data.forEach((value, i) => write(view, i * size, value));
  return bytes;
}
