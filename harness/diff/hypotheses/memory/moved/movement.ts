import type { TensorData } from '../../../../reference/runner.ts';
import { emptyLike } from '../elements.ts';

/** Which element of a tensor lies where another one belongs. */
export interface Movement {
  /** Half sentence: "off by +1 along axis 2, wrapping around". */
  readonly text: string;
  /** Flat index of the element that lies at flat index i; -1: none, something else lies there. */
  from(i: number): number;
  /** Set where `from` gives -1 for some. */
  readonly leavesGap?: true;
}

/** Elements looked at to see that two movements are the same. */
const PROBES = 97;

/** Row-major strides in elements. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = (strides[axis + 1] as number) * (shape[axis + 1] as number);
  return strides;
}

export const elementsOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** @param fill what lies where nothing was moved to; null where there must be no such element */
export function move(data: TensorData, { from }: Movement, fill: ((i: number) => number | bigint) | null): TensorData | null {
  const moved = emptyLike(data);
  for (let i = 0; i < data.length; i++) {
    const source = from(i);
    if (source < 0 && fill === null) return null;
    (moved as Int8Array)[i] = (source < 0 ? fill?.(i) : data[source]) as number;
  }
  return moved;
}

/** Without those that move nothing, and only the first of several that do the same. */
export function distinct(movements: Iterable<Movement>, elements: number): Movement[] {
  const seen = new Set<string>();
  const kept: Movement[] = [];
  const step = Math.max(1, Math.floor(elements / PROBES));
  const probes: number[] = [];
  for (let i = 0; i < elements; i += step) probes.push(i);
  seen.add(probes.join());
  for (const movement of movements) {
    const signature = probes.map((i) => movement.from(i)).join();
    if (seen.has(signature)) continue;
    seen.add(signature);
    kept.push(movement);
  }
  return kept;
}
