import { stridesOf } from './moved/movement.ts';

/** A part of a tensor that few numbers describe. */
export interface Region {
  /** "all elements", "the elements of channels 5 to 7", "the elements 12 to 19". */
  readonly text: string;
  /** Regions of this kind in the tensor. */
  readonly alternatives: number;
  /** Axis of which it is a range; null: a range in memory, or all. */
  readonly axis: number | null;
  /** First and last position on the axis, or flat index. */
  readonly first: number;
  readonly last: number;
  /** It reaches from the tensor's start or to its end. */
  readonly atEdge: boolean;
  contains(i: number): boolean;
}

const rangesOf = (size: number): number => (size * (size + 1)) / 2;

/**
 * The smallest regions that hold all wrong elements, the simplest first: all of it, a range along each axis, a range in memory.
 * A range that is everything is given as "all elements" alone.
 * @param wrong flat indices, rising, at least one
 */
export function regionsAround(wrong: readonly number[], shape: readonly number[], elements: number): Region[] {
  const regions: Region[] = [{ text: 'all elements', alternatives: 1, axis: null, first: 0, last: elements - 1, atEdge: true, contains: () => true }];
  const strides = stridesOf(shape);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] as number;
    const stride = strides[axis] as number;
    const at = (i: number): number => Math.floor(i / stride) % size;
    let [first, last] = [size, -1];
    for (const i of wrong) {
      first = Math.min(first, at(i));
      last = Math.max(last, at(i));
    }
    if (last - first + 1 === size) continue;
    regions.push({
      text: `the elements of ${placeOn(axis, shape.length, first, last)}`, alternatives: rangesOf(size), axis, first, last,
      atEdge: first === 0 || last === size - 1, contains: (i) => at(i) >= first && at(i) <= last,
    });
  }
  const [first, last] = [wrong[0] as number, wrong.at(-1) as number];
  if (last - first + 1 < elements) {
    regions.push({
      text: `the elements ${first} to ${last}`, alternatives: rangesOf(elements), axis: null, first, last,
      atEdge: first === 0 || last === elements - 1, contains: (i) => i >= first && i <= last,
    });
  }
  return regions;
}

function placeOn(axis: number, axes: number, first: number, last: number): string {
  const words = axis === axes - 1 ? 'channel' : axes === 4 ? (['batch', 'row', 'column'][axis] as string) : null;
  if (first === last) return words === null ? `position ${first} on axis ${axis}` : `${words} ${first}`;
  return words === null ? `positions ${first} to ${last} on axis ${axis}` : `${words === 'batch' ? 'batches' : `${words}s`} ${first} to ${last}`;
}
