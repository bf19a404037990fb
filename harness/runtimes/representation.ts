import { HilError } from '../errors.ts';
import { BYTES_PER_ELEMENT, type DType, type Tensor } from '../model/graph.ts';
import type { TensorData } from '../reference/runner.ts';
import type { ManifestTap } from './manifest.ts';

type DeviceType = 'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'int64' | 'bool' | 'float32';

/** What toDevice() and fromDevice() read of a tap. */
export type TapRepresentation = Pick<ManifestTap, 'dtype' | 'bytes' | 'conversion'>;

const RANGES: Readonly<Record<Exclude<DeviceType, 'float32'>, readonly [number, number]>> = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
  uint16: [0, 65535],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  // Beyond 2^53 a Number would stand for a neighbour: int64 is taken unconverted only.
  int64: [-(2 ** 53), 2 ** 53],
  bool: [0, 255],
};

/** Device types that hil can convert. */
export function isDeviceType(dtype: DType): dtype is DeviceType {
  return dtype === 'float32' || dtype in RANGES;
}

/**
 * Bytes (little-endian) that a device with this tap shows when its tensor holds `reference`: the inverse of the conversion.
 * identity: the same values; add: t - add; dequantise: float32((t - zeroPoint) * scale).
 *
 * @param reference the tensor's values, in the .tflite's representation
 * @throws HilError config where the device's type can't hold a value, or the sizes or types don't fit together
 */
export function toDevice(reference: TensorData, tensor: Tensor, tap: TapRepresentation): Uint8Array {
  const { dtype, conversion } = tap;
  if (!isDeviceType(dtype)) throw unsupported(dtype);
  if (conversion.kind === 'identity' && dtype !== tensor.dtype) {
    throw mismatch(`a tap of ${dtype} can't show tensor ${tensor.index} (${tensor.dtype}) unconverted`, { tensor: tensor.index });
  }
  const size = BYTES_PER_ELEMENT[dtype];
  if (reference.length * size !== tap.bytes) {
    throw mismatch(`a tap of ${tap.bytes} bytes can't hold ${reference.length} elements of ${dtype}`, { tensor: tensor.index });
  }
  if (dtype === 'int64' && conversion.kind === 'identity') return new Uint8Array(reference.buffer, reference.byteOffset, reference.byteLength).slice();
  const bytes = new Uint8Array(tap.bytes);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < reference.length; i += 1) {
    const value = Number(reference[i]);
    write(view, i * size, dtype, conversion.kind === 'identity' ? value : inverse(value, conversion), tensor.index);
  }
  return bytes;
}

/**
 * The device's values in the representation of the .tflite tensor. identity gives an array of the tap's own type; add and
 * dequantise give Float64Array, which holds a result outside the tensor's type as it is instead of wrapping it to a code
 * that might look right (NaN stays NaN).
 *
 * @param bytes as the device showed them, little-endian, exactly tap.bytes of them
 * @throws HilError config for a dtype that hil can't convert, or another number of bytes
 */
export function fromDevice(bytes: Uint8Array, tap: TapRepresentation): TensorData {
  const { dtype, conversion } = tap;
  if (!isDeviceType(dtype)) throw unsupported(dtype);
  if (bytes.byteLength !== tap.bytes) throw mismatch(`a tap of ${tap.bytes} bytes got ${bytes.byteLength}`, {});
  const raw = decode(bytes, dtype);
  if (conversion.kind === 'identity') return raw;
  const values = Float64Array.from(raw, Number);
  return values.map((d) => (conversion.kind === 'add' ? d + conversion.add : roundAway(d / conversion.scale) + conversion.zeroPoint));
}

/**
 * As fromDevice(), but as the bytes of the .tflite tensor itself, to feed them to the reference: values outside of the tensor's
 * type are clamped to it, NaN becomes its zero point or 0. Not for comparing: a clamped value may look right.
 */
export function tensorBytes(bytes: Uint8Array, tap: TapRepresentation, tensor: Tensor): Uint8Array {
  const { dtype } = tensor;
  if (tap.conversion.kind === 'identity') return bytes.slice();
  if (!isDeviceType(dtype)) throw unsupported(dtype);
  const values = fromDevice(bytes, tap);
  const result = new Uint8Array(values.length * BYTES_PER_ELEMENT[dtype]);
  const view = new DataView(result.buffer);
  const [low, high] = dtype === 'float32' ? [-Infinity, Infinity] : RANGES[dtype];
  for (let i = 0; i < values.length; i += 1) {
    const value = Number(values[i]);
    const code = Number.isNaN(value) ? (tensor.quantisation?.zeroPoint[0] ?? 0) : value;
    write(view, i * BYTES_PER_ELEMENT[dtype], dtype, Math.min(high, Math.max(low, code)), tensor.index);
  }
  return result;
}

/** Nearest integer, ties away from zero, as C's round(); Math.round has its ties upwards. */
function roundAway(value: number): number {
  return value < 0 ? -Math.floor(-value + 0.5) : Math.floor(value + 0.5);
}

function inverse(value: number, conversion: Exclude<ManifestTap['conversion'], { kind: 'identity' }>): number {
  return conversion.kind === 'add' ? value - conversion.add : (value - conversion.zeroPoint) * conversion.scale;
}

function write(view: DataView, at: number, dtype: DeviceType, value: number, tensor: number): void {
  if (dtype === 'float32') {
    view.setFloat32(at, value, true);
    return;
  }
  const [low, high] = RANGES[dtype];
  if (!Number.isInteger(value) || value < low || value > high) {
    throw mismatch(`${dtype} can't hold ${value}, which tensor ${tensor} would be on the device`, { tensor, value });
  }
  switch (dtype) {
    case 'int8': return view.setInt8(at, value);
    case 'uint8':
    case 'bool': return view.setUint8(at, value);
    case 'int16': return view.setInt16(at, value, true);
    case 'uint16': return view.setUint16(at, value, true);
    case 'int32': return view.setInt32(at, value, true);
    case 'uint32': return view.setUint32(at, value, true);
    case 'int64': return view.setBigInt64(at, BigInt(value), true);
  }
}

function decode(bytes: Uint8Array, dtype: DeviceType): TensorData {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const n = bytes.byteLength / BYTES_PER_ELEMENT[dtype];
  switch (dtype) {
    case 'int8': return Int8Array.from(bytes.subarray(), (byte) => (byte << 24) >> 24);
    case 'uint8':
    case 'bool': return Uint8Array.from(bytes);
    case 'int16': return Int16Array.from({ length: n }, (_, i) => view.getInt16(2 * i, true));
    case 'uint16': return Uint16Array.from({ length: n }, (_, i) => view.getUint16(2 * i, true));
    case 'int32': return Int32Array.from({ length: n }, (_, i) => view.getInt32(4 * i, true));
    case 'uint32': return Uint32Array.from({ length: n }, (_, i) => view.getUint32(4 * i, true));
    case 'int64': return BigInt64Array.from({ length: n }, (_, i) => view.getBigInt64(8 * i, true));
    case 'float32': return Float32Array.from({ length: n }, (_, i) => view.getFloat32(4 * i, true));
  }
}

const unsupported = (dtype: DType): HilError =>
  new HilError('config', 'runtimes.representation', `A tap of type ${dtype} can't be converted.`, {
    hint: `Types of taps: ${[...Object.keys(RANGES), 'float32'].join(', ')}.`,
    facts: { dtype },
  });

const mismatch = (what: string, facts: Record<string, unknown>): HilError =>
  new HilError('config', 'runtimes.representation', `The network's manifest does not fit the model: ${what}.`, { facts });
