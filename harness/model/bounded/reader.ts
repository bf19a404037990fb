import { ByteBuffer } from 'flatbuffers';
import { refusal } from './refusal.ts';

/** Heap bytes that the parsed form of one file may take, estimated; constant data is never copied and costs nothing. */
const HEAP_BUDGET_BYTES = 24 * 1024 * 1024;

/**
 * Bytes behind bounds checks: nothing is read through the flatbuffers package that was not checked here first, because its
 * accessors read `undefined` beyond the end and turn it into 0. Every read is charged to a budget, so that tables and vectors
 * that the file shares many times over cannot multiply into endless work or memory.
 */
export class BoundedReader {
  readonly bytes: Uint8Array;
  readonly buffer: ByteBuffer;
  #budget = HEAP_BUDGET_BYTES;

  constructor(bytes: Uint8Array) {
    // A Buffer is a Uint8Array whose subarray() gives Buffers: what this room hands out is plain.
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.buffer = new ByteBuffer(this.bytes);
  }

  get length(): number {
    return this.bytes.length;
  }

  /** @throws model.too-large when the parsed form would outgrow the budget. */
  charge(heapBytes: number, offset: number, field: string): void {
    this.#budget -= heapBytes;
    if (this.#budget < 0) {
      const limit = `${HEAP_BUDGET_BYTES / 1024 / 1024} MiB`;
      throw refusal('model.too-large', offset, field, `the tables of this file need more than ${limit} when read; it is damaged or no model for a microcontroller`);
    }
  }

  /** Checks that [offset, offset + size) is in the file. @throws model.damaged */
  need(offset: number, size: number, field: string, what: string): void {
    if (offset < 0 || offset + size > this.length) {
      throw refusal('model.damaged', Math.max(0, Math.min(offset, this.length)), field, `${what} leaves the file (${this.length} bytes)`);
    }
  }

  /** Follows the unsigned relative offset stored at `offset`, which must be in the file. The target is a multiple of 4. */
  follow(offset: number, field: string): number {
    this.need(offset, 4, field, 'an offset');
    const relative = this.buffer.readUint32(offset);
    const target = offset + relative;
    if (relative === 0 || target + 4 > this.length) {
      throw refusal('model.damaged', offset, field, `offset ${relative} leaves the file (${this.length} bytes)`);
    }
    if (target % 4 !== 0) throw refusal('model.damaged', offset, field, `offset ${relative} is not aligned to 4 bytes`);
    return target;
  }
}
