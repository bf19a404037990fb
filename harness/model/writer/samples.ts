import type { ModelDescription } from './description.ts';

/** A small int8 graph with everything the reader knows: FC with bias, RESHAPE, SOFTMAX, a state tensor. For tests. */
export function smallModel(): ModelDescription {
  return {
    description: 'small',
    tensors: [
      { name: 'x', dtype: 'int8', shape: [1, 4], quantisation: { scale: 0.05, zeroPoint: -3 } },
      { name: 'w', dtype: 'int8', shape: [3, 4], quantisation: { scale: [0.01, 0.02, 0.03], zeroPoint: 0, axis: 0 }, data: [1, -2, 3, -4, 5, -6, 7, -8, 9, -10, 11, -12] },
      { name: 'b', dtype: 'int32', shape: [3], quantisation: { scale: [0.0005, 0.001, 0.0015] }, data: [100, -200, 300] },
      { name: 'y', dtype: 'int8', shape: [1, 3], quantisation: { scale: 0.1, zeroPoint: 5 } },
      { name: 'shape', dtype: 'int32', shape: [1], data: [3] },
      { name: 'flat', dtype: 'int8', shape: [3], quantisation: { scale: 0.1, zeroPoint: 5 } },
      { name: 'p', dtype: 'int8', shape: [3], quantisation: { scale: 1 / 256, zeroPoint: -128 } },
    ],
    operators: [
      { op: 'FULLY_CONNECTED', inputs: ['x', 'w', 'b'], outputs: ['y'], options: { fused_activation_function: 1 }, version: 4 },
      { op: 'RESHAPE', inputs: ['y', 'shape'], outputs: ['flat'], options: { new_shape: [3] } },
      { op: 'SOFTMAX', inputs: ['flat'], outputs: ['p'], options: { beta: 1 } },
    ],
    inputs: ['x'],
    outputs: ['p'],
  };
}
