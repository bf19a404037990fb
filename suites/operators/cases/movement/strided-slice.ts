import type { OperatorCase } from '../../case.ts';
import { ints, of, oneOperator } from './one-operator.ts';

type Masks = Partial<Record<'begin_mask' | 'end_mask' | 'ellipsis_mask' | 'new_axis_mask' | 'shrink_axis_mask', number>>;

const FORMS: readonly (readonly [name: string, shape: number[], begin: number[], end: number[], strides: number[], output: number[], masks?: Masks])[] = [
  ['plain', [3, 4, 5], [1, 0, 2], [3, 2, 4], [1, 1, 1], [2, 2, 2]],
  ['steps', [7, 8], [1, 0], [7, 8], [2, 3], [3, 3]],
  ['backwards', [5, 4], [4, 3], [0, 0], [-1, -2], [4, 2]],
  ['all-backwards', [5, 3], [0, 0], [0, 0], [-1, -1], [5, 3], { begin_mask: 3, end_mask: 3 }],
  ['backwards-rows', [4, 3, 2], [-1, 0, 0], [-10, 0, 0], [-1, 1, 1], [4, 3, 2], { begin_mask: 6, end_mask: 6 }],
  ['negative', [6, 6], [-4, -2], [-1, 6], [1, 1], [3, 2]],
  ['beyond', [3, 4], [-9, 1], [9, 99], [1, 1], [3, 3]],
  ['masks', [4, 5, 6], [2, 3, 4], [1, 2, 3], [1, 1, 1], [1, 2, 6], { begin_mask: 7, end_mask: 4 }],
  ['shrink', [3, 4, 5], [1, -1, 0], [2, 0, 5], [1, 1, 2], [3], { shrink_axis_mask: 3 }],
  ['shrink-last', [2, 3, 4], [0, 0, 2], [2, 3, 3], [1, 1, 1], [2, 3], { shrink_axis_mask: 4 }],
  ['shrink-all', [3, 3], [2, 1], [3, 2], [1, 1], [], { shrink_axis_mask: 3 }],
  ['shrink-and-masks', [2, 5, 3], [1, 1, 0], [2, 4, 0], [1, 2, 1], [2, 3], { shrink_axis_mask: 1, end_mask: 4, begin_mask: 4 }],
  ['vector', [17], [3], [17], [5], [3]],
  ['one', [1, 1, 1, 1], [0, 0, 0, 0], [1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]],
  ['image-subsampled', [1, 5, 5, 3], [0, 0, 0, 0], [0, 0, 0, 0], [1, 2, 2, 1], [1, 3, 3, 3], { begin_mask: 15, end_mask: 15 }],
  ['first-step', [1, 4, 16], [0, -1, 0], [0, 0, 0], [1, 1, 1], [1, 16], { begin_mask: 5, end_mask: 5, shrink_axis_mask: 2 }],
  ['channels-of-four', [2, 3, 8], [0, 0, 4], [2, 3, 8], [1, 2, 1], [2, 2, 4]],
  ['ignored-ellipsis', [3, 4], [0, 1], [3, 3], [1, 1], [3, 2], { ellipsis_mask: 1 }],
  ['step-beyond', [5], [0], [5], [9], [1]],
];

export const stridedSlice: readonly OperatorCase[] = FORMS.flatMap(([name, shape, begin, end, strides, output, masks]) =>
  (['plain', 'backwards', 'shrink'].includes(name) ? (['int8', 'int16', 'int32', 'bool', 'float32'] as const) : (['int8'] as const)).map((dtype) =>
    oneOperator(`strided-slice-${name}-${dtype}`, 'STRIDED_SLICE', [of(dtype, shape), ints(begin), ints(end), ints(strides)], [of(dtype, output)], { options: { ...masks }, samples: 2 })));
