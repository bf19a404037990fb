import { conflict, type Buffer } from './lifetimes.ts';

/** Every buffer starts at a multiple of this, bytes: whole vector loads on an M55, and what NPUs ask for. */
export const ARENA_ALIGNMENT = 16;

export interface PlacedBuffer extends Buffer {
  /** Bytes from the start of the arena. */
  readonly offset: number;
}

const align = (bytes: number): number => Math.ceil(bytes / ARENA_ALIGNMENT) * ARENA_ALIGNMENT;

type Order = (a: Buffer, b: Buffer) => number;

/** No greedy order is best for every graph, and trying a few costs nothing. On a tie the first wins. */
const ORDERS: readonly Order[] = [
  (a, b) => b.bytes - a.bytes,
  (a, b) => b.last - b.first - (a.last - a.first) || b.bytes - a.bytes,
  (a, b) => a.first - b.first || b.bytes - a.bytes,
  (a, b) => b.last - a.last || b.bytes - a.bytes,
];

/**
 * Offsets for all buffers: greedy in several orders (largest first, longest life first, in the order of the network and against
 * it), of which the smallest arena is taken. Same input, same plan. The result keeps the order of the argument.
 */
export function pack(buffers: readonly Buffer[]): { placed: PlacedBuffer[]; bytes: number } {
  const plans = ORDERS.map((order) => packInOrder(buffers, order));
  return plans.reduce((best, plan) => (plan.bytes < best.bytes ? plan : best));
}

/** Each buffer at the lowest offset where it meets no conflicting one that is placed already. */
function packInOrder(buffers: readonly Buffer[], order: Order): { placed: PlacedBuffer[]; bytes: number } {
  const offsets = new Map<Buffer, number>();
  for (const buffer of [...buffers].sort(order)) {
    const taken = [...offsets]
      .filter(([other]) => conflict(other, buffer))
      .map(([other, offset]) => ({ from: offset, to: offset + other.bytes }))
      .sort((a, b) => a.from - b.from);
    let offset = 0;
    for (const { from, to } of taken) {
      if (from >= offset + buffer.bytes) break;
      offset = Math.max(offset, align(to));
    }
    offsets.set(buffer, offset);
  }
  const placed = buffers.map((buffer) => ({ ...buffer, offset: offsets.get(buffer) ?? 0 }));
  return { placed, bytes: align(Math.max(0, ...placed.map((buffer) => buffer.offset + buffer.bytes))) };
}
