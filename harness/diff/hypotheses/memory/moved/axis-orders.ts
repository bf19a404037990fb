import { stridesOf, type Movement } from './movement.ts';

/** Of more axes than this there are too many orders. */
const MAX_AXES = 5;

/**
 * The tensor written in another order of its axes, or read as if it had been. NHWC as NCHW is [0,3,1,2], weights OHWI as HWIO
 * [1,2,3,0]; a matrix has [1,0] alone.
 */
export function* axisOrders(shape: readonly number[]): Iterable<Movement> {
  if (shape.length > MAX_AXES) return;
  for (const order of permutations(shape.length)) {
    const inOrder = order.map((axis) => shape[axis] as number);
    const name = `axes in the order ${order.join(',')}`;
    yield { text: `written with the ${name}`, from: reader(inOrder, order.map((axis) => stridesOf(shape)[axis] as number)) };
    const strides = stridesOf(inOrder);
    yield { text: `read with the ${name}`, from: reader(shape, order.map((_, axis) => strides[order.indexOf(axis)] as number)) };
  }
}

/** Flat index in `shape`, axis by axis, times other strides. */
function reader(shape: readonly number[], strides: readonly number[]): (i: number) => number {
  return (i) => {
    let rest = i;
    let source = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const size = shape[axis] as number;
      source += (rest % size) * (strides[axis] as number);
      rest = Math.floor(rest / size);
    }
    return source;
  };
}

/** All but the identity; of four axes those that move the channels as one first, since layouts are confused more often than shuffled. */
function permutations(axes: number): number[][] {
  const all = (rest: readonly number[]): number[][] => (rest.length <= 1 ? [[...rest]] : rest.flatMap((first) => all(rest.filter((axis) => axis !== first)).map((others) => [first, ...others])));
  const common = axes === 4 ? [[0, 3, 1, 2], [1, 2, 3, 0], [3, 1, 2, 0], [1, 2, 0, 3], [0, 2, 1, 3]] : [];
  const known = new Set(common.map(String));
  return [...common, ...all(Array.from({ length: axes }, (_, axis) => axis)).filter((order) => !known.has(String(order)))].filter((order) => order.some((axis, i) => axis !== i));
}

