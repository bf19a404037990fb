import { strideOf } from './axis-regions.ts';
import { strideWords } from './axis-words.ts';
import type { Region } from './region.ts';

/** Elements in the order of memory: a run of them, and every n-th. */
export function flatRegions(all: number, positions: readonly number[]): Region[] {
  const [from, to] = [positions[0] as number, positions.at(-1) as number];
  const regions: Region[] = [];
  const n = to - from + 1;
  if (n < all) {
    const atEnd = from === 0 || to === all - 1;
    regions.push({ words: `a run of ${n} elements from ${from}`, size: n, alternatives: atEnd ? 1 : all, plural: true, has: (flat) => flat >= from && flat <= to });
  }
  const stride = strideOf(positions);
  if (positions.length > 2 && stride > 1) {
    const toEnd = to + stride >= all;
    regions.push({
      words: strideWords('element', stride, from, toEnd ? null : to), size: (to - from) / stride + 1, alternatives: toEnd && from < stride ? 2 * stride : stride * all, stride, plural: true,
      has: (flat) => flat >= from && flat <= to && (flat - from) % stride === 0,
    });
  }
  return regions;
}
