import { conflict, type Buffer } from './lifetimes.ts';

/** Every buffer starts at a multiple of this, bytes: whole vector loads on an M55, and what NPUs ask for. */
export const ARENA_ALIGNMENT = 16;

export interface PlacedBuffer extends Buffer {
  /** Bytes from the start of the arena. */
  readonly offset: number;
}

const align = (bytes: number): number => Math.ceil(bytes / ARENA_ALIGNMENT) * ARENA_ALIGNMENT;

/**
 * Greedy by size: the largest buffer first, each at the lowest offset where it meets no conflicting one that is placed already.
 * Same input, same plan. The result keeps the order of the argument.
 */
export function pack(buffers: readonly Buffer[]): { placed: PlacedBuffer[]; bytes: number } {
  const order = buffers.map((_, index) => index);
  order.sort((a, b) => (buffers[b]?.bytes ?? 0) - (buffers[a]?.bytes ?? 0) || a - b);
  const offsets = new Map<number, number>();
  for (const index of order) {
    const buffer = buffers[index];
    if (buffer === undefined) continue;
    const taken = [...offsets]
      .map(([other, offset]) => ({ buffer: buffers[other], offset }))
      .filter((entry): entry is { buffer: Buffer; offset: number } => entry.buffer !== undefined && conflict(entry.buffer, buffer))
      .sort((a, b) => a.offset - b.offset);
    let offset = 0;
    for (const other of taken) {
      if (other.offset >= offset + buffer.bytes) break;
      offset = Math.max(offset, align(other.offset + other.buffer.bytes));
    }
    offsets.set(index, offset);
  }
  const placed = buffers.map((buffer, index) => ({ ...buffer, offset: offsets.get(index) ?? 0 }));
  return { placed, bytes: align(Math.max(0, ...placed.map((buffer) => buffer.offset + buffer.bytes))) };
}
