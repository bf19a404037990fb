import { refusal } from '../bounded/refusal.ts';
import type { Table } from '../bounded/table.ts';

/** Constant data of one entry of Model.buffers, not a copy, and where it starts in the file. */
export interface ModelBuffer {
  readonly data: Uint8Array | null;
  readonly offset: number;
}

/**
 * One Buffer table. Data is either a vector inside the flatbuffer or, in the newer form (schema 3c), `offset` and `size` of
 * bytes that follow it in the file; offsets 0 and 1 are placeholders that mean "none". An empty buffer is no data.
 * @throws model.damaged
 */
export function readBuffer(table: Table): ModelBuffer {
  const inside = table.vector(0, 'data', 1);
  if (inside !== null && inside.length > 0) return { data: inside.bytes(), offset: inside.start };
  const offset = table.uint64(1, 'offset');
  const size = table.uint64(2, 'size');
  if (offset <= 1n || size === 0n) return { data: null, offset: table.position };
  const { reader } = table;
  if (offset + size > BigInt(reader.length)) {
    throw refusal('model.damaged', table.offsetOf(1, 'offset'), table.field('offset'), `${size} bytes at ${offset} leave the file (${reader.length} bytes)`);
  }
  return { data: reader.bytes.subarray(Number(offset), Number(offset + size)), offset: Number(offset) };
}
