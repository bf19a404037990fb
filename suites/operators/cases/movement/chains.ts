import type { OperatorCase } from '../../case.ts';
import { ints, of, type Part } from './one-operator.ts';

type Step = readonly [op: string, inputs: readonly string[], outputs: readonly string[], options?: Readonly<Record<string, number | boolean>>];

/** Operators in a row: buffers that are shared, read again later, and given back. */
export const chains: readonly OperatorCase[] = [
  chain('split-pad-concatenation', {
    x: of('int8', [1, 4, 4, 8]), axis: ints(3), paddings: { dtype: 'int32', shape: [4, 2], data: [0, 0, 1, 1, 0, 1, 0, 0] }, permutation: ints([0, 2, 1, 3]),
    a: of('int8', [1, 4, 4, 4]), b: of('int8', [1, 4, 4, 4]), aPadded: of('int8', [1, 6, 5, 4]), bPadded: of('int8', [1, 6, 5, 4]), both: of('int8', [1, 6, 5, 8]), turned: of('int8', [1, 5, 6, 8]),
  }, [
    ['SPLIT', ['axis', 'x'], ['a', 'b'], { num_splits: 2 }], ['PAD', ['b', 'paddings'], ['bPadded']], ['PAD', ['a', 'paddings'], ['aPadded']],
    ['CONCATENATION', ['bPadded', 'aPadded'], ['both'], { axis: 3 }], ['TRANSPOSE', ['both', 'permutation'], ['turned']],
  ], ['turned']),
  chain('views-in-a-row', {
    x: of('int8', [1, 12]), permutation: ints([1, 0]), zero: ints([0, 0]), all: ints([-1, -1]), shape: ints([3, 4]), ones: ints([1, 0]), axes: ints([1]), reversed: of('int8', [1, 12]),
    turned: of('int8', [12, 1]), sliced: of('int8', [12, 1]), table: of('int8', [3, 4]), other: of('int8', [4, 3]), back: of('int8', [3, 4]), stacked: of('int8', [2, 3, 4]),
  }, [
    // The first copies, the next three change nothing, and the last reads what the first wrote beside what came of it.
    ['REVERSE_V2', ['x', 'axes'], ['reversed']], ['TRANSPOSE', ['reversed', 'permutation'], ['turned']], ['SLICE', ['turned', 'zero', 'all'], ['sliced']], ['RESHAPE', ['sliced', 'shape'], ['table']],
    ['TRANSPOSE', ['table', 'ones'], ['other']], ['RESHAPE', ['other', 'shape'], ['back']], ['PACK', ['back', 'table'], ['stacked'], { values_count: 2, axis: 0 }],
  ], ['stacked', 'sliced']),
  chain('gates', {
    x: of('int16', [1, 3, 8]), axis: ints(1), squeezed: of('int16', [3, 8]), a: of('int16', [3, 2]), b: of('int16', [3, 2]), c: of('int16', [3, 2]), d: of('int16', [3, 2]),
    first: of('int16', [2]), second: of('int16', [2]), third: of('int16', [2]), joined: of('int16', [3, 4]), row: of('int16', [4]),
    begin: ints([-1, 0]), end: ints([0, 0]), strides: ints([1, 1]),
  }, [
    ['SQUEEZE', ['x'], ['squeezed']], ['SPLIT', ['axis', 'squeezed'], ['a', 'b', 'c', 'd'], { num_splits: 4 }], ['UNPACK', ['c'], ['first', 'second', 'third'], { num: 3, axis: 0 }],
    ['CONCATENATION', ['d', 'a'], ['joined'], { axis: 1 }], ['STRIDED_SLICE', ['joined', 'begin', 'end', 'strides'], ['row'], { shrink_axis_mask: 1, end_mask: 2 }],
  ], ['row', 'second', 'b']),
];

function chain(name: string, parts: Readonly<Record<string, Part>>, steps: readonly Step[], outputs: readonly string[]): OperatorCase {
  return {
    name: `movement-${name}`, op: steps.at(-1)?.[0] ?? '',
    model: {
      tensors: Object.entries(parts).map(([tensor, part]) => ({ name: tensor, ...part })),
      operators: steps.map(([op, inputs, results, options = {}]) => ({ op, inputs, outputs: results, options })),
      inputs: ['x'], outputs,
    },
  };
}
