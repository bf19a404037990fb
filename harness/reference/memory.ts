import { endianness } from 'node:os';
import type { DType, Graph, Tensor } from '../model/index.ts';
import type { TensorData } from './runner.ts';

/** What activations hold before anything wrote them: a value no kernel leaves by accident in a whole tensor. */
const POISON = 0xaa;

type Elements = new (buffer: ArrayBuffer, byteOffset: number, length: number) => TensorData;

/** Types without a typed array of their own are kept as raw bytes; no operator here computes with them. */
const ARRAYS: Readonly<Partial<Record<DType, Elements & { BYTES_PER_ELEMENT: number }>>> = {
  int8: Int8Array, uint8: Uint8Array, bool: Uint8Array, int16: Int16Array, uint16: Uint16Array, float16: Uint16Array,
  int32: Int32Array, uint32: Uint32Array, int64: BigInt64Array, uint64: BigUint64Array, float32: Float32Array, float64: Float64Array,
};

/**
 * Memory of every tensor of a graph, none shared but that of constants with the same data: constants hold their data, state its
 * start value, activations poison.
 * @throws Error on a big-endian host: the files are little-endian, and so are the digests that devices send
 */
export function allocateTensors(graph: Graph): TensorData[] {
  if (endianness() !== 'LE') throw new Error('the reference runs on little-endian hosts only');
  const constants = new Map<ArrayBufferLike, Map<string, TensorData>>();
  const tensors = graph.tensors.map((tensor) => (tensor.data === null ? activation(tensor) : constant(tensor, tensor.data, constants)));
  resetState(graph, tensors);
  return tensors;
}

function activation(tensor: Tensor): TensorData {
  const array = ARRAYS[tensor.dtype] ?? Uint8Array;
  const memory = new Uint8Array(tensor.elements * array.BYTES_PER_ELEMENT).fill(POISON);
  return new array(memory.buffer, 0, tensor.elements);
}

/**
 * Little-endian bytes as elements of a type, copied: they need not be aligned.
 * @throws RangeError where they are no whole number of elements
 */
export function elementsFrom(dtype: DType, bytes: Uint8Array): TensorData {
  const array = ARRAYS[dtype] ?? Uint8Array;
  // Not bytes.slice(): of a Buffer that is a view of the whole pool.
  return new array(Uint8Array.from(bytes).buffer, 0, bytes.length / array.BYTES_PER_ELEMENT);
}

/** Copied once, since a file need not align its constants; a buffer that many tensors share is copied once for all. */
function constant(tensor: Tensor, data: Uint8Array, constants: Map<ArrayBufferLike, Map<string, TensorData>>): TensorData {
  const array = ARRAYS[tensor.dtype] ?? Uint8Array;
  const key = `${array.name} ${data.byteOffset} ${data.length}`;
  // Data of an edited model need not lie in the file.
  const known = constants.get(data.buffer) ?? new Map<string, TensorData>();
  constants.set(data.buffer, known);
  const found = known.get(key);
  if (found !== undefined) return found;
  const copy = new array(Uint8Array.from(data).buffer, 0, Math.floor(data.length / array.BYTES_PER_ELEMENT));
  known.set(key, copy);
  return copy;
}

/** int8 state to its zero point, all other state to 0. (TFLM micro_interpreter_graph.cc, ResetVariableTensors) */
export function resetState(graph: Graph, tensors: readonly TensorData[]): void {
  for (const tensor of graph.tensors) {
    if (!tensor.isVariable) continue;
    const data = tensors[tensor.index];
    if (data instanceof BigInt64Array || data instanceof BigUint64Array) data.fill(0n);
    else data?.fill(tensor.dtype === 'int8' ? (tensor.quantisation?.zeroPoint[0] ?? 0) : 0);
  }
}
