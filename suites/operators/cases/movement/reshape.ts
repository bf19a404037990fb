import type { OperatorCase } from '../../case.ts';

export const reshape: readonly OperatorCase[] = (['int8', 'int16', 'float32'] as const).map((dtype) => ({
  name: `reshape-${dtype}`,
  op: 'RESHAPE',
  model: {
    tensors: [
      { name: 'x', dtype, shape: [2, 3, 4], ...(dtype === 'float32' ? {} : { quantisation: { scale: 0.1 } }) },
      { name: 'shape', dtype: 'int32', shape: [2], data: [4, 6] },
      { name: 'y', dtype, shape: [4, 6], ...(dtype === 'float32' ? {} : { quantisation: { scale: 0.1 } }) },
    ],
    operators: [{ op: 'RESHAPE', inputs: ['x', 'shape'], outputs: ['y'], options: { new_shape: [4, 6] } }],
    inputs: ['x'],
    outputs: ['y'],
  },
}));
