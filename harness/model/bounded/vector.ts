import type { BoundedReader } from './reader.ts';

/** Heap bytes of one element of a plain array of numbers. */
const NUMBER_COST = 8;

/** A vector whose extent was checked by the table that holds it. `start` is the offset of its first element. */
export class Vector {
  readonly reader: BoundedReader;
  readonly start: number;
  readonly length: number;
  readonly field: string;

  constructor(reader: BoundedReader, start: number, length: number, field: string) {
    this.reader = reader;
    this.start = start;
    this.length = length;
    this.field = field;
  }

  #numbers<T>(read: (offset: number) => T, elementBytes: number): T[] {
    this.reader.charge(NUMBER_COST * this.length, this.start, this.field);
    return Array.from({ length: this.length }, (_, i) => read(this.start + i * elementBytes));
  }

  int32s(): number[] {
    return this.#numbers((at) => this.reader.buffer.readInt32(at), 4);
  }

  float32s(): number[] {
    return this.#numbers((at) => this.reader.buffer.readFloat32(at), 4);
  }

  /** 64-bit integers as numbers: exact up to 2^53, beyond it still outside every range that is checked later. */
  int64s(): number[] {
    return this.#numbers((at) => this.reader.buffer.readInt32(at + 4) * 2 ** 32 + this.reader.buffer.readUint32(at), 8);
  }

  /** The bytes themselves, not a copy. */
  bytes(): Uint8Array {
    return this.reader.bytes.subarray(this.start, this.start + this.length);
  }
}
