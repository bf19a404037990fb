import type { BoundedReader } from './reader.ts';
import { refusal } from './refusal.ts';
import { Vector } from './vector.ts';

/** Heap bytes charged for a table: what the plain objects made from it take, roughly. */
const TABLE_COST = 320;
const decoder = new TextDecoder();

/**
 * One verified flatbuffer table: its vtable and its own extent were checked when it was opened, each field when it is read.
 * `id` is the number of the field in the public schema, counted from 0 (a union takes two: type, value).
 */
export class Table {
  readonly reader: BoundedReader;
  readonly position: number;
  /** Path of this table for messages, e.g. 'subgraphs[0].tensors[2]'. */
  readonly path: string;
  readonly #vtable: number;
  readonly #vtableBytes: number;
  readonly #objectBytes: number;

  /** @throws model.damaged */
  constructor(reader: BoundedReader, position: number, path: string) {
    this.reader = reader;
    this.position = position;
    this.path = path;
    reader.charge(TABLE_COST, position, path);
    reader.need(position, 4, path, 'a table');
    this.#vtable = position - reader.buffer.readInt32(position);
    if (this.#vtable % 2 !== 0) throw refusal('model.damaged', position, path, `its vtable at ${this.#vtable} is not aligned to 2 bytes`);
    if (this.#vtable < 0 || this.#vtable + 4 > reader.length) {
      throw refusal('model.damaged', position, path, `its vtable at ${this.#vtable} lies outside the file (${reader.length} bytes)`);
    }
    this.#vtableBytes = reader.buffer.readUint16(this.#vtable);
    this.#objectBytes = reader.buffer.readUint16(this.#vtable + 2);
    if (this.#vtableBytes < 4 || this.#vtableBytes % 2 !== 0) {
      throw refusal('model.damaged', this.#vtable, path, `vtable of ${this.#vtableBytes} bytes`);
    }
    reader.need(this.#vtable, this.#vtableBytes, path, `a vtable of ${this.#vtableBytes} bytes`);
    if (this.#objectBytes < 4) throw refusal('model.damaged', this.#vtable + 2, path, `table of ${this.#objectBytes} bytes`);
    reader.need(position, this.#objectBytes, path, `a table of ${this.#objectBytes} bytes`);
  }

  field(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }

  /** Absolute offset of a field of `size` bytes, or 0 where it is absent (its default holds). @throws model.damaged */
  #at(id: number, name: string, size: number): number {
    const entry = 4 + 2 * id;
    if (entry + 2 > this.#vtableBytes) return 0;
    const offset = this.reader.buffer.readUint16(this.#vtable + entry);
    if (offset === 0) return 0;
    if (offset < 4 || offset + size > this.#objectBytes) {
      throw refusal('model.damaged', this.#vtable + entry, this.field(name), `at ${offset} of a table of ${this.#objectBytes} bytes`);
    }
    return this.position + offset;
  }

  has(id: number, name: string): boolean {
    return this.#at(id, name, 1) !== 0;
  }

  /** Where to point a reader of a message about this field: the field, or the table where the field is absent. */
  offsetOf(id: number, name: string): number {
    return this.#at(id, name, 1) || this.position;
  }

  int8(id: number, name: string, fallback = 0): number {
    const at = this.#at(id, name, 1);
    return at === 0 ? fallback : this.reader.buffer.readInt8(at);
  }

  uint8(id: number, name: string, fallback = 0): number {
    const at = this.#at(id, name, 1);
    return at === 0 ? fallback : this.reader.buffer.readUint8(at);
  }

  int32(id: number, name: string, fallback = 0): number {
    const at = this.#at(id, name, 4);
    return at === 0 ? fallback : this.reader.buffer.readInt32(at);
  }

  uint32(id: number, name: string, fallback = 0): number {
    const at = this.#at(id, name, 4);
    return at === 0 ? fallback : this.reader.buffer.readUint32(at);
  }

  float32(id: number, name: string, fallback = 0): number {
    const at = this.#at(id, name, 4);
    return at === 0 ? fallback : this.reader.buffer.readFloat32(at);
  }

  int64(id: number, name: string, fallback = 0n): bigint {
    const at = this.#at(id, name, 8);
    return at === 0 ? fallback : this.reader.buffer.readInt64(at);
  }

  uint64(id: number, name: string, fallback = 0n): bigint {
    const at = this.#at(id, name, 8);
    return at === 0 ? fallback : this.reader.buffer.readUint64(at);
  }

  /** A bool is any byte; anything but 0 and 1 was not written by a flatbuffer builder. @throws model.damaged */
  bool(id: number, name: string, fallback = false): boolean {
    const value = this.uint8(id, name, fallback ? 1 : 0);
    if (value > 1) throw refusal('model.damaged', this.offsetOf(id, name), this.field(name), `${value} is neither true nor false`);
    return value === 1;
  }

  table(id: number, name: string): Table | null {
    const at = this.#at(id, name, 4);
    return at === 0 ? null : new Table(this.reader, this.reader.follow(at, this.field(name)), this.field(name));
  }

  /** A vector of elements of `elementBytes` (4 for a vector of tables); null where absent. @throws model.damaged */
  vector(id: number, name: string, elementBytes: number): Vector | null {
    const at = this.#at(id, name, 4);
    if (at === 0) return null;
    const field = this.field(name);
    const start = this.reader.follow(at, field);
    const length = this.reader.buffer.readUint32(start);
    if (start + 4 + length * elementBytes > this.reader.length) {
      throw refusal('model.damaged', start, field, `vector of ${length} elements leaves the file (${this.reader.length} bytes)`);
    }
    return new Vector(this.reader, start + 4, length, field);
  }

  /** The tables of a vector of tables, in order; [] where absent. @throws model.damaged */
  tables(id: number, name: string): Table[] {
    const vector = this.vector(id, name, 4);
    if (vector === null) return [];
    this.reader.charge(8 * vector.length, vector.start, vector.field);
    return Array.from({ length: vector.length }, (_, i) => {
      const path = `${vector.field}[${i}]`;
      return new Table(this.reader, this.reader.follow(vector.start + 4 * i, path), path);
    });
  }

  /** UTF-8 text, untrusted; broken sequences become U+FFFD. '' where absent. @throws model.damaged */
  string(id: number, name: string): string {
    const vector = this.vector(id, name, 1);
    if (vector === null) return '';
    const end = vector.start + vector.length;
    this.reader.need(end, 1, vector.field, 'the end of a string');
    if (this.reader.bytes[end] !== 0) throw refusal('model.damaged', end, vector.field, 'a string does not end with 0');
    this.reader.charge(2 * vector.length, vector.start, vector.field);
    return decoder.decode(this.reader.bytes.subarray(vector.start, end));
  }
}
