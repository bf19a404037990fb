import { axisNames, bothEndsWords, listWords, rangeWords, strideWords, type AxisName } from './axis-words.ts';
import { isTelling, type Region, type Scatter } from './region.ts';

/** Indices that are named one by one. */
const MAX_LISTED = 4;

/** For every axis of which only some indices are wrong, the narrowest way to name them, where that says anything. */
export function axisRegions(shape: readonly number[], positions: readonly number[], scatter: Scatter): Region[] {
  const all = shape.reduce((product, size) => product * size, 1);
  const names = axisNames(shape.length);
  let inner = 1;
  const regions: Region[] = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] as number;
    const step = inner;
    inner *= size;
    const indices = indicesOf(positions, step, size);
    if (indices.length === size) continue;
    const [best] = namings(names[axis] as AxisName, indices, size)
      .map(({ has, ...naming }): Region => ({ ...naming, size: (all / size) * naming.indices, has: (flat) => has(Math.floor(flat / step) % size) }))
      .filter((region) => isTelling(region, all, scatter))
      .sort((a, b) => a.size - b.size);
    if (best !== undefined) regions.push(best);
  }
  return regions;
}

/** Indices along an axis at which anything is wrong, rising. */
function indicesOf(positions: readonly number[], step: number, size: number): number[] {
  const seen = new Set<number>();
  for (const flat of positions) {
    seen.add(Math.floor(flat / step) % size);
    if (seen.size === size) break;
  }
  return [...seen].sort((a, b) => a - b);
}

interface Naming { readonly words: string; readonly indices: number; readonly alternatives: number; readonly stride?: number; readonly plural: boolean; has(index: number): boolean }

function namings(name: AxisName, indices: readonly number[], size: number): Naming[] {
  const [from, to] = [indices[0] as number, indices.at(-1) as number];
  const found: Naming[] = [];
  const n = to - from + 1;
  if (n < size) found.push({ words: rangeWords(name, from, to, size), indices: n, alternatives: from === 0 || to === size - 1 ? 1 : size, plural: n > 1, has: (index) => index >= from && index <= to });
  if (indices.length === 2 && n === size) found.push({ words: bothEndsWords(name), indices: 2, alternatives: 1, plural: true, has: (index) => index === 0 || index === size - 1 });
  const stride = strideOf(indices);
  if (indices.length > 1 && stride > 1) {
    const toEnd = to + stride >= size;
    if (indices.length > 2 || (toEnd && from < stride)) {
      found.push({ words: strideWords(name, stride, from, toEnd ? null : to), indices: (to - from) / stride + 1, alternatives: toEnd && from < stride ? 2 * stride : stride * size, stride, plural: true, has: (index) => index >= from && index <= to && (index - from) % stride === 0 });
    }
  }
  if (indices.length > 1 && indices.length <= MAX_LISTED) {
    const set = new Set(indices);
    found.push({ words: listWords(name, indices), indices: indices.length, alternatives: choose(size, indices.length), plural: true, has: (index) => set.has(index) });
  }
  return found;
}

/** Greatest stride that all indices lie on. */
export function strideOf(indices: readonly number[]): number {
  let stride = 0;
  for (let i = 1; i < indices.length && stride !== 1; i++) stride = gcd(stride, (indices[i] as number) - (indices[0] as number));
  return stride;
}

const gcd = (a: number, b: number): number => (a === 0 ? b : gcd(b % a, a));

function choose(n: number, k: number): number {
  let product = 1;
  for (let i = 0; i < k; i++) product *= (n - i) / (i + 1);
  return product;
}
