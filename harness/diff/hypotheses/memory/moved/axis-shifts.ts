import { elementsOf, stridesOf, type Movement } from './movement.ts';

/** Steps that an off-by-one of rows, columns or channels, or a block of a vector unit, goes. */
const STEPS = [1, -1, 2, -2, 3, -3, 4, -4, 8, -8, 16, -16];

/** Shifts along one axis: what leaves it on one side comes in on the other, the last is repeated, or something else lies there. */
export function* axisShifts(shape: readonly number[], axis: number): Iterable<Movement> {
  const size = shape[axis] ?? 1;
  const stride = stridesOf(shape)[axis] as number;
  for (const step of STEPS) {
    if (Math.abs(step) >= size) continue;
    const at = (i: number): number => Math.floor(i / stride) % size;
    const name = `off by ${step > 0 ? '+' : ''}${step} along axis ${axis}`;
    yield { text: `${name}, wrapping around`, from: (i) => i + (((at(i) - step + size) % size) - at(i)) * stride };
    yield { text: `${name}, the last repeated`, from: (i) => i + (Math.min(Math.max(at(i) - step, 0), size - 1) - at(i)) * stride };
    yield {
      text: name, leavesGap: true,
      from: (i) => {
        const source = at(i) - step;
        return source < 0 || source >= size ? -1 : i - step * stride;
      },
    };
  }
}

/** Shifts of the whole tensor in memory: rows and channels run on into the next. Element steps first, then whole vectors, rows, ... */
export function* flatShifts(shape: readonly number[]): Iterable<Movement & { readonly step: number }> {
  const elements = elementsOf(shape);
  const steps = new Set([1, 2, 3, 4, ...stridesOf(shape)]);
  for (const size of steps) {
    for (const step of [size, -size]) {
      if (size >= elements) continue;
      const name = `off by ${step > 0 ? '+' : ''}${step} elements in memory`;
      yield { step, text: `${name}, wrapping around`, from: (i) => (i - step + elements) % elements };
      yield { step, text: name, leavesGap: true, from: (i) => (i - step < 0 || i - step >= elements ? -1 : i - step) };
    }
  }
}
