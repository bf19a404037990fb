import t from 'tap';
import { broadcastIndices, broadcastLoops, broadcastShape } from './broadcast.ts';

t.test('shapes are aligned at the end', async (t) => {
  t.same(broadcastShape([[2, 3], [3]]), [2, 3]);
  t.same(broadcastShape([[2, 1, 4], [5, 1]]), [2, 5, 4]);
  t.same(broadcastShape([[], [1, 1]]), [1, 1]);
  t.same(broadcastShape([[0, 3], [1, 3]]), [0, 3]);
  t.same(broadcastShape([[2], [3]]), null);
  t.same(broadcastShape([[2, 3], [2]]), null);
});

t.test('axes are joined where every operand moves on evenly', async (t) => {
  t.same(broadcastLoops([[2, 3, 4], [2, 3, 4]], [2, 3, 4]), [{ extent: 24, strides: [1, 1] }]);
  t.same(broadcastLoops([[2, 3, 4], []], [2, 3, 4]), [{ extent: 24, strides: [1, 0] }]);
  t.same(broadcastLoops([[2, 3, 4], [4]], [2, 3, 4]), [{ extent: 4, strides: [1, 1] }, { extent: 6, strides: [4, 0] }]);
  t.same(broadcastLoops([[2, 3, 1, 4], [1, 1, 1, 1]], [2, 3, 1, 4]), [{ extent: 24, strides: [1, 0] }], 'axes of one element do not count');
  t.same(broadcastLoops([[1], []], [1]), [{ extent: 1, strides: [0, 0] }]);
});

t.test('indices are those of the definition, for every shape of up to three axes', async (t) => {
  const sizes = [1, 2, 3];
  const shapes = sizes.flatMap((a) => sizes.flatMap((b) => sizes.map((c) => [a, b, c])));
  for (const left of shapes) {
    for (const right of [...shapes, [2], [3, 2], []]) {
      const output = broadcastShape([left, right]);
      if (output === null) continue;
      const loops = broadcastLoops([left, right], output);
      t.ok((loops[0] as { strides: readonly number[] }).strides.every((stride) => stride <= 1));
      [left, right].forEach((shape, k) => t.same([...broadcastIndices(loops, k)], byDefinition(shape, output)));
    }
  }
});

function byDefinition(shape: readonly number[], output: readonly number[]): number[] {
  const total = output.reduce((product, size) => product * size, 1);
  return Array.from({ length: total }, (_, flat) => {
    let rest = flat;
    let index = 0;
    let step = 1;
    for (let axis = 1; axis <= output.length; axis++) {
      const size = output.at(-axis) as number;
      const own = shape.at(-axis) ?? 1;
      index += step * (own === 1 ? 0 : rest % size);
      step *= own;
      rest = Math.floor(rest / size);
    }
    return index;
  });
}
