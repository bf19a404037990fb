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
    for (let distance = -last; distance < size - first; distance++) {
      const left = whatIsLeft(wrong, { source, distance }, memories, size, best?.left.length ?? wrong.length);
      if (left !== null) best = { piece: { source, distance }, left };
    }
  }
  return best;
}

/** Wrong bytes out of the tensor's reach; null where one within it is another, or where it says less than the best before. */
function whatIsLeft(wrong: readonly number[], { source, distance }: Piece, memories: readonly Memory[], size: number, most: number): number[] | null {
  const isWithin = (at: number): boolean => at + distance >= 0 && at + distance < size;
  for (const { got, sources } of memories) {
    const bytes = sources.get(source) as Uint8Array;
    for (const at of wrong) if (isWithin(at) && bytes[at + distance] !== got[at]) return null;
  }
  const left = wrong.filter((at) => !isWithin(at));
  if (left.length >= most) return null;
  const within = wrong.filter(isWithin);
  const values = new Set(memories.flatMap(({ got }) => within.map((at) => got[at])));
  return within.length * memories.length >= LEAST_BYTES && values.size >= LEAST_VALUES ? left : null;
}
