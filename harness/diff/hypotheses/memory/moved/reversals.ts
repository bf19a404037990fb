import { elementsOf, stridesOf, type Movement } from './movement.ts';

/** An axis run through from its end: time steps, rows, elements. */
export function* reversals(shape: readonly number[]): Iterable<Movement> {
  const strides = stridesOf(shape);
  const elements = elementsOf(shape);
  for (let axis = 0; axis < shape.length; axis++) {
    const size = shape[axis] as number;
    const stride = strides[axis] as number;
    yield { text: `axis ${axis} in reverse`, from: (i) => i + (size - 1 - 2 * (Math.floor(i / stride) % size)) * stride };
  }
  yield { text: 'all elements in reverse', from: (i) => elements - 1 - i };
}

/** Elements in another order within words of 2, 4 or 8, as by a load of the wrong byte order; what does not fill a word stays. */
export function* wordOrders(shape: readonly number[]): Iterable<Movement> {
  const elements = elementsOf(shape);
  for (const word of [4, 2, 8]) {
    const whole = elements - (elements % word);
    yield { text: `every ${word} elements in reverse`, from: (i) => (i >= whole ? i : i - (i % word) + word - 1 - (i % word)) };
    if (word > 2) yield { text: `the halves of every ${word} elements swapped`, from: (i) => (i >= whole ? i : i - (i % word) + ((i + word / 2) % word)) };
    if (word === 4) yield { text: 'the middle two of every 4 elements swapped', from: (i) => (i >= whole ? i : i - (i % 4) + [0, 2, 1, 3][i % 4]!) };
  }
}

/** One bit of the element's address always 0 or 1. */
export function* addressLines(shape: readonly number[]): Iterable<Movement> {
  const elements = elementsOf(shape);
  for (let bit = 1, line = 0; bit < elements; bit *= 2, line++) {
    const has = (i: number): boolean => Math.floor(i / bit) % 2 === 1;
    yield { text: `bit ${line} of the index always 0`, from: (i) => (has(i) ? i - bit : i) };
    yield { text: `bit ${line} of the index always 1`, leavesGap: true, from: (i) => (has(i) ? i : i + bit >= elements ? -1 : i + bit) };
  }
}
