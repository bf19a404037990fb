import { HilError } from '../errors.ts';
import type { ReferenceRunner, TensorData } from './runner.ts';

/** One tensor of every invocation: what an oracle computed. `state` is the value after the invocation. */
export interface GoldenTensor {
  /** Tensor index of the .tflite. */
  readonly index: number;
  /** Operator that writes it; null for graph inputs. */
  readonly opIndex: number | null;
  readonly op: string | null;
  readonly role: 'input' | 'output' | 'state';
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  /** Where it starts in an invocation's bytes, and how long it is. */
  readonly offset: number;
  readonly bytes: number;
}

/** A recorded case: `invocations` runs one after the other, without a reset between them. */
export interface GoldenCase {
  readonly model: string;
  /** SHA-256 of the .tflite that was run. */
  readonly sha256: string;
  readonly name: string;
  readonly invocations: number;
  readonly tensors: readonly GoldenTensor[];
  /** Little-endian, row-major bytes of a tensor; a view. @throws RangeError for an invocation that is not there */
  read(invocation: number, tensor: GoldenTensor): Uint8Array;
}

export interface GoldenTally {
  readonly invocations: number;
  readonly compared: number;
  readonly mismatched: number;
  /** The first element that differs, in the order of invocations and operators. */
  readonly first: { readonly invocation: number; readonly tensor: GoldenTensor; readonly element: number; readonly expected: number; readonly got: number } | null;
}

const wrong = (field: string, what: string): HilError => new HilError('config', 'goldens.invalid', `${field}: ${what}`, { facts: { field } });

/**
 * A golden case: the parsed .json (`model`, `sha256`, `case`, `invocations`, `invocationBytes`, `tensors`) and the .bin of one oracle.
 * @throws HilError 'config' goldens.invalid naming the field
 */
export function readGoldens(json: unknown, bytes: Uint8Array): GoldenCase {
  const root = record(json, 'goldens');
  const invocations = count(root.invocations, 'invocations');
  const stride = count(root.invocationBytes, 'invocationBytes');
  if (invocations * stride !== bytes.length) throw wrong('invocations', `${invocations} of ${stride} bytes, the file has ${bytes.length}`);
  if (!Array.isArray(root.tensors)) throw wrong('tensors', 'not a list');
  const tensors = root.tensors.map((entry, i) => readTensor(entry, `tensors[${i}]`, stride));
  return {
    model: text(root.model, 'model'), sha256: text(root.sha256, 'sha256'), name: text(root.case, 'case'), invocations, tensors,
    read(invocation, tensor) {
      if (!Number.isInteger(invocation) || invocation < 0 || invocation >= invocations) throw new RangeError(`invocation ${invocation} of ${invocations}`);
      return bytes.subarray(invocation * stride + tensor.offset, invocation * stride + tensor.offset + tensor.bytes);
    },
  };
}

function readTensor(entry: unknown, field: string, stride: number): GoldenTensor {
  const row = record(entry, field);
  const offset = count(row.offset, `${field}.offset`);
  const bytes = count(row.bytes, `${field}.bytes`);
  if (offset + bytes > stride) throw wrong(field, `${bytes} bytes at ${offset} leave an invocation of ${stride}`);
  const { role } = row;
  if (role !== 'input' && role !== 'output' && role !== 'state') throw wrong(`${field}.role`, `${String(role)} is no role`);
  if (!Array.isArray(row.shape)) throw wrong(`${field}.shape`, 'not a list');
  return {
    index: count(row.index, `${field}.index`), role, offset, bytes,
    opIndex: row.opIndex === null ? null : count(row.opIndex, `${field}.opIndex`),
    op: row.op === null ? null : text(row.op, `${field}.op`),
    name: text(row.name, `${field}.name`), dtype: text(row.dtype, `${field}.dtype`),
    shape: row.shape.map((size, i) => count(size, `${field}.shape[${i}]`)),
  };
}

function record(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(field, 'not an object');
  return value as Record<string, unknown>;
}

function count(value: unknown, field: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw wrong(field, `${JSON.stringify(value)?.slice(0, 80)} is no count`);
  return value;
}

function text(value: unknown, field: string): string {
  if (typeof value !== 'string') throw wrong(field, 'not a text');
  return value;
}

/**
 * Runs a case from a reset and compares every tensor of every invocation.
 * @throws HilError 'config' goldens.invalid where the case is of another model or does not fit its tensors
 */
export function compareWithGoldens(runner: ReferenceRunner, goldens: GoldenCase): GoldenTally {
  if (goldens.sha256 !== runner.model.sha256) throw wrong('sha256', `the case is of model ${goldens.sha256}, not ${runner.model.sha256}`);
  const views = goldens.tensors.map((tensor) => viewOf(runner, tensor));
  let [compared, mismatched] = [0, 0];
  let first: GoldenTally['first'] = null;
  runner.reset();
  for (let invocation = 0; invocation < goldens.invocations; invocation++) {
    goldens.tensors.forEach((tensor, i) => {
      if (tensor.role === 'input') views[i]?.bytes.set(goldens.read(invocation, tensor));
    });
    runner.invoke();
    goldens.tensors.forEach((tensor, i) => {
      const { data } = views[i] as View;
      const expected = elementsOf(goldens.read(invocation, tensor), data);
      compared += data.length;
      for (let element = 0; element < data.length; element++) {
        if (Object.is(expected[element], data[element])) continue;
        mismatched++;
        first ??= { invocation, tensor, element, expected: Number(expected[element]), got: Number(data[element]) };
      }
    });
  }
  return { invocations: goldens.invocations, compared, mismatched, first };
}

interface View {
  readonly data: TensorData;
  readonly bytes: Uint8Array;
}

function viewOf(runner: ReferenceRunner, tensor: GoldenTensor): View {
  const data = runner.tensors[tensor.index];
  const known = runner.graph.tensors[tensor.index];
  if (data === undefined || known === undefined) throw wrong('tensors', `the model has no tensor ${tensor.index}`);
  if (data.byteLength !== tensor.bytes || known.dtype !== tensor.dtype) throw wrong('tensors', `tensor ${tensor.index} is ${known.dtype}, ${data.byteLength} bytes, not ${tensor.dtype}, ${tensor.bytes}`);
  return { data, bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

/** The bytes as the same kind of array; copied, because they need not be aligned. */
function elementsOf(bytes: Uint8Array, like: TensorData): TensorData {
  const array = like.constructor as new (buffer: ArrayBufferLike) => TensorData;
  // Not bytes.slice(): of a Buffer that is a view of the whole pool.
  return new array(Uint8Array.from(bytes).buffer);
}
