/** A tensor whose bytes lie in another's place: byte i there is byte i + distance here. */
export interface Piece {
  readonly source: number;
  readonly distance: number;
}

/** One sample: what lies in the place, and what might. */
export interface Memory {
  readonly got: Uint8Array;
  readonly sources: ReadonlyMap<number, Uint8Array>;
}

/** Tensors that may lie in the place of one, and wrong bytes of each over all samples, different ones among them, to be believed. */
const MOST_PIECES = 3;
const LEAST_BYTES = 8;
const LEAST_VALUES = 4;

/**
 * Finds tensors that account for all wrong bytes, the one that accounts for most first. What is within a tensor's reach must be
 * its bytes, in all samples.
 * @param elements wrong ones, rising; each of `size` bytes
 * @param sizes bytes of each source
 * @returns null where there are none
 */
export function piecesOf(elements: readonly number[], size: number, memories: readonly Memory[], sizes: ReadonlyMap<number, number>): Piece[] | null {
  let left = elements.flatMap((element) => Array.from({ length: size }, (_, byte) => element * size + byte));
  const pieces: Piece[] = [];
  while (left.length > 0 && pieces.length < MOST_PIECES) {
    const best = largestOf(left, memories, sizes);
    if (best === null) return null;
    pieces.push(best.piece);
    left = best.left;
  }
  return left.length === 0 && pieces.length > 0 ? pieces : null;
}

interface Found { readonly piece: Piece; readonly left: number[] }

function largestOf(wrong: readonly number[], memories: readonly Memory[], sizes: ReadonlyMap<number, number>): Found | null {
  let best: Found | null = null;
  const [first, last] = [wrong[0] as number, wrong.at(-1) as number];
  for (const [source, size] of sizes) {
    // The first wrong byte within reach moves to the front as the distance grows.
    let from = wrong.length - 1;
    for (let distance = -last; distance < size - first; distance++) {
      while (from > 0 && (wrong[from - 1] as number) + distance >= 0) from--;
      if (isRefuted(wrong, from, distance, source, memories, size)) continue;
      const within = wrong.filter((at) => at + distance >= 0 && at + distance < size);
      if (within.length <= (best === null ? 0 : wrong.length - best.left.length) || !isTelling(within, memories)) continue;
      best = { piece: { source, distance }, left: wrong.filter((at) => at + distance < 0 || at + distance >= size) };
    }
  }
  return best;
}

/** Whether any wrong byte within the tensor's reach is another than the tensor's; mostly the first one looked at is. */
function isRefuted(wrong: readonly number[], from: number, distance: number, source: number, memories: readonly Memory[], size: number): boolean {
  for (const { got, sources } of memories) {
    const bytes = sources.get(source) as Uint8Array;
    for (let k = from; k < wrong.length && (wrong[k] as number) + distance < size; k++) {
      if (bytes[(wrong[k] as number) + distance] !== got[wrong[k] as number]) return true;
    }
  }
  return false;
}

function isTelling(within: readonly number[], memories: readonly Memory[]): boolean {
  const values = new Set(memories.flatMap(({ got }) => within.map((at) => got[at])));
  return within.length * memories.length >= LEAST_BYTES && values.size >= LEAST_VALUES;
}
