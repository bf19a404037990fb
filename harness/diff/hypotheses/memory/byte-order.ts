import { bytesOf } from './elements.ts';
import type { Family } from './family.ts';
import type { Change } from './place.ts';
import type { NamedChange } from './placed.ts';

/** Words of so many bytes in which the order of parts of so many bytes is reversed; 0: the element. */
const reversed = (part: number): Change => (data) => {
  const size = data.BYTES_PER_ELEMENT;
  if (size <= part) return null;
  const copy = data.slice() as typeof data;
  const [from, to] = [bytesOf(data), bytesOf(copy)];
  for (let i = 0; i < from.length; i++) {
    const word = i - (i % size);
    const place = i - word;
    to[i] = from[word + size - part - (place - (place % part)) + (place % part)] as number;
  }
  return copy;
};

const CHANGES: readonly NamedChange[] = [
  { cause: 'memory.byte-order', text: 'the bytes of each element are in reverse order', change: reversed(1) },
  { cause: 'memory.byte-order', text: 'the 16-bit halves of each element are swapped', change: reversed(2) },
];

/** Elements of more than a byte, read or written with the other byte order. */
export const byteOrder: Family = {
  name: 'byte order',
  changes: ({ tensors }) => (tensors.every(({ dtype }) => /16|32|64/.test(dtype)) ? CHANGES : []),
};
