import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { BYTES_PER_ELEMENT, type DType } from '../../model/index.ts';
import { elementsFrom, type TensorData } from '../../reference/index.ts';
import { encodeNpyHeader, parseNpyHeader, type NdType } from '../../suite/index.ts';
import { badInput, elementsOf } from './dump.ts';

/** Magic, version and length of the header, version 1. */
const FIXED_BYTES = 10;
const MOST_HEADER_BYTES = 65_535;

/** A .npy file of [samples, ...shape], of which one sample at a time is read: such files are larger than memory. */
export class NpySlices {
  readonly #file: number;
  readonly #path: string;
  readonly #start: number;
  readonly #dtype: DType;
  readonly #sliceBytes: number;

  /** @throws HilError 'config' diff.invalid where the file is no .npy of exactly this type and shape, in C order and little-endian */
  constructor(path: string, dtype: DType, samples: number, shape: readonly number[]) {
    const wrong = (what: string): Error => badInput('invalid', `${path}: ${what}`);
    try {
      // Looked at before it is opened: a pipe would be waited for without end.
      if (!statSync(path).isFile()) throw wrong('is no file');
      this.#file = openSync(path, 'r');
    } catch (cause) {
      throw cause instanceof Error && 'code' in cause && cause.code !== 'diff.invalid' ? wrong(cause.code === 'ENOENT' ? 'there is no such file' : cause.message) : cause;
    }
    try {
      const head = read(this.#file, 0, FIXED_BYTES);
      const expected = Buffer.from(encodeNpyHeader(dtype as NdType, [samples, ...shape]));
      if (head.length < FIXED_BYTES || !head.subarray(0, 8).equals(expected.subarray(0, 8))) throw wrong('is not a .npy file of version 1');
      const headerBytes = head.readUInt16LE(8);
      const header = parseNpyHeader(read(this.#file, FIXED_BYTES, Math.min(headerBytes, MOST_HEADER_BYTES)).toString('latin1'));
      const wanted = parseNpyHeader(expected.subarray(FIXED_BYTES).toString('latin1'));
      if (typeof header === 'string' || typeof wanted === 'string') throw wrong(typeof header === 'string' ? header : 'cannot be described');
      if (header.descr.replace('=', '<') !== wanted.descr || header.fortranOrder || header.shape.join() !== wanted.shape.join()) {
        throw wrong(`holds ${JSON.stringify(header.descr)} (${header.shape.join(', ')})${header.fortranOrder ? ' in Fortran order' : ''}, not ${JSON.stringify(wanted.descr)} (${wanted.shape.join(', ')}) as index.json says`);
      }
      this.#sliceBytes = elementsOf(shape) * BYTES_PER_ELEMENT[dtype];
      this.#start = FIXED_BYTES + headerBytes;
      const bytes = this.#start + samples * this.#sliceBytes;
      const { size } = fstatSync(this.#file);
      if (size !== bytes) throw wrong(`is ${size} bytes long, not ${bytes}${size < bytes ? ': it is cut short' : ''}`);
    } catch (error) {
      closeSync(this.#file);
      throw error;
    }
    this.#path = path;
    this.#dtype = dtype;
  }

  /** @throws HilError 'config' diff.invalid where the file became shorter meanwhile */
  sample(index: number): TensorData {
    const bytes = read(this.#file, this.#start + index * this.#sliceBytes, this.#sliceBytes);
    if (bytes.length !== this.#sliceBytes) throw badInput('invalid', `${this.#path}: ends within sample ${index}`);
    return elementsFrom(this.#dtype, bytes);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Up to `length` bytes; fewer at the end of the file. */
function read(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const got = readSync(file, bytes, done, length - done, position + done);
    if (got === 0) break;
    done += got;
  }
  return bytes.subarray(0, done);
}
