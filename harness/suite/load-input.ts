import { HilError } from '../errors.ts';
import { BYTES_PER_ELEMENT } from '../model/graph.ts';
import type { Tensor } from '../model/graph.ts';
import { rawCodes } from './csv-codes.ts';
import { readArray } from './input-file.ts';
import type { InputFile } from './input-file.ts';
import type { NdArray } from './nd-array.ts';

/**
 * Turns real values into a tensor's codes: round half away from zero of x / scale, plus the zero point, clamped. It is the
 * reference's (harness/reference), handed in, so that this room does not depend on that one.
 * @returns a typed array of the tensor's dtype, as long as `values`
 */
export type QuantiseFloats = (values: Float32Array | Float64Array, tensor: Tensor) => ArrayBufferView;

export interface LoadedInput {
  readonly samples: number;
  readonly bytesPerSample: number;
  /** Little-endian elements of the tensor's dtype, sample after sample. */
  readonly codes: Uint8Array;
}

/**
 * The samples of one input tensor. The file's shape is [samples, ...tensor.shape] (batch axis included); a CSV has a row a
 * sample. Integers are raw codes and must have the tensor's type; floats are quantised by the tensor's scale.
 * @throws HilError 'config' that names the file, and what was expected and got
 */
export function loadInput(file: InputFile, tensor: Tensor, quantise: QuantiseFloats): LoadedInput {
  const bytesPerSample = tensor.elements * BYTES_PER_ELEMENT[tensor.dtype];
  if (bytesPerSample === 0) throw problem(file, tensor, 'input.tensor', `the tensor ${JSON.stringify(tensor.name)} (${tensor.dtype}, [${tensor.shape.join(', ')}]) cannot be given from a file`);
  const array = readArray(file, tensor.name);
  if (array === null) return fromRaw(file, tensor, bytesPerSample);
  const samples = checkShape(file, tensor, array);
  return { samples, bytesPerSample, codes: toBytes(toCodes(file, tensor, array, quantise)) };
}

function fromRaw(file: InputFile, tensor: Tensor, bytesPerSample: number): LoadedInput {
  const samples = file.bytes.length / bytesPerSample;
  if (samples === 0) throw problem(file, tensor, 'input.empty', 'holds no sample');
  if (!Number.isInteger(samples)) throw problem(file, tensor, 'input.shape', `holds ${file.bytes.length} bytes, which is no multiple of the ${bytesPerSample} of a sample`, { expected: bytesPerSample, got: file.bytes.length });
  return { samples, bytesPerSample, codes: file.bytes };
}

/** @returns the number of samples */
function checkShape(file: InputFile, tensor: Tensor, array: NdArray): number {
  const isCsv = array.anyInteger !== undefined;
  const rest = isCsv ? [tensor.elements] : tensor.shape;
  const [samples = 0, ...got] = array.shape;
  const matches = array.shape.length === rest.length + 1 && rest.every((size, axis) => size === got[axis]);
  if (samples === 0 && isCsv) throw problem(file, tensor, 'input.empty', 'holds no row of numbers');
  if (!matches) {
    const expected = isCsv ? `${tensor.elements} columns` : `shape [samples${tensor.shape.map((size) => `, ${size}`).join('')}]`;
    const found = isCsv ? `${got[0] ?? 0}` : `[${array.shape.join(', ')}]`;
    const lacksBatch = !isCsv && tensor.shape[0] === 1 && array.shape.length === rest.length;
    throw problem(file, tensor, 'input.shape', `expected ${expected}, got ${found}`, { expected: ['samples', ...rest], got: array.shape },
      lacksBatch ? "The first axis counts the samples, and the tensor's own batch axis follows it: numpy.expand_dims(x, 1)." : undefined);
  }
  if (samples === 0) throw problem(file, tensor, 'input.empty', 'holds no sample');
  return samples;
}

function toCodes(file: InputFile, tensor: Tensor, array: NdArray, quantise: QuantiseFloats): ArrayBufferView {
  const { data, dtype } = array;
  if (array.anyInteger === true && tensor.dtype !== 'float32' && tensor.dtype !== 'float64') return rawCodes(file, tensor, data as Float64Array);
  if (!(data instanceof Float32Array || data instanceof Float64Array)) {
    if (dtype === tensor.dtype) return data;
    throw problem(file, tensor, 'input.dtype', `expected ${tensor.dtype} codes or floats, got ${dtype}`, { expected: tensor.dtype, got: dtype },
      'Integers are raw codes and must have the tensor\'s type. Real values must be saved as floats.');
  }
  for (let index = 0; index < data.length; index += 1) {
    if (!Number.isFinite(data[index])) throw problem(file, tensor, 'input.not-finite', `element [${coordinates(index, array.shape).join(', ')}] is ${data[index]}`, { index: coordinates(index, array.shape), got: String(data[index]) });
  }
  if (tensor.dtype === 'float32') return floats32(file, tensor, array, data);
  if (tensor.dtype === 'float64') return data instanceof Float64Array ? data : Float64Array.from(data);
  if (tensor.quantisation === null) {
    throw problem(file, tensor, 'input.dtype', `expected ${tensor.dtype} codes, got ${dtype}: the tensor has no scale to quantise by`, { expected: tensor.dtype, got: dtype });
  }
  return quantise(data, tensor);
}

/** A double beyond float32 becomes infinite only here. */
function floats32(file: InputFile, tensor: Tensor, array: NdArray, data: Float32Array | Float64Array): Float32Array {
  const narrow = data instanceof Float32Array ? data : Float32Array.from(data);
  const index = narrow.findIndex((value) => !Number.isFinite(value));
  if (index >= 0) throw problem(file, tensor, 'input.not-finite', `element [${coordinates(index, array.shape).join(', ')}] is ${data[index]}, beyond float32`, { index: coordinates(index, array.shape) });
  return narrow;
}

/** Index into a flat array as indices along each axis. */
function coordinates(flat: number, shape: readonly number[]): number[] {
  const out: number[] = [];
  let rest = flat;
  for (const size of [...shape].reverse()) {
    out.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return out;
}

function toBytes(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

function problem(file: InputFile, tensor: Tensor, code: string, what: string, facts: Record<string, unknown> = {}, hint?: string): HilError {
  return new HilError('config', code, `${file.name}: ${what}`, { ...(hint === undefined ? {} : { hint }), facts: { file: file.name, tensor: tensor.name, ...facts } });
}
