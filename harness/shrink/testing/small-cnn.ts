import { parseModel, type Model } from '../../model/index.ts';
import { writeModel } from '../../model/writer/index.ts';

const codes = (count: number, seed: number, span: number): number[] => Array.from({ length: count }, (_, i) => (((i + 1) * 7919 * (seed + 3)) % (2 * span + 1)) - span);

/** CONV_2D, MAX_POOL_2D, RESHAPE, FULLY_CONNECTED, SOFTMAX: a model of which layers can be cut. Input [1, 6, 6, 2] int8. */
export function smallCnn(): { readonly model: Model; readonly bytes: Uint8Array } {
  const bytes = writeModel({
    tensors: [
      { name: 'image', dtype: 'int8', shape: [1, 6, 6, 2], quantisation: { scale: 0.05, zeroPoint: -4 } },
      { name: 'filters', dtype: 'int8', shape: [3, 3, 3, 2], quantisation: { scale: [0.01, 0.02, 0.015], zeroPoint: [0, 0, 0], axis: 0 }, data: codes(54, 1, 60) },
      { name: 'conv bias', dtype: 'int32', shape: [3], quantisation: { scale: [0.0005, 0.001, 0.00075], zeroPoint: [0, 0, 0], axis: 0 }, data: [90, -120, 40] },
      { name: 'conv', dtype: 'int8', shape: [1, 6, 6, 3], quantisation: { scale: 0.08, zeroPoint: 3 } },
      { name: 'pool', dtype: 'int8', shape: [1, 3, 3, 3], quantisation: { scale: 0.08, zeroPoint: 3 } },
      { name: 'shape', dtype: 'int32', shape: [2], data: [1, 27] },
      { name: 'flat', dtype: 'int8', shape: [1, 27], quantisation: { scale: 0.08, zeroPoint: 3 } },
      { name: 'weights', dtype: 'int8', shape: [5, 27], quantisation: { scale: 0.01, zeroPoint: 0 }, data: codes(135, 2, 90) },
      { name: 'bias', dtype: 'int32', shape: [5], quantisation: { scale: 0.0008, zeroPoint: 0 }, data: [10, -20, 30, -40, 50] },
      { name: 'logits', dtype: 'int8', shape: [1, 5], quantisation: { scale: 0.2, zeroPoint: 1 } },
      { name: 'classes', dtype: 'int8', shape: [1, 5], quantisation: { scale: 1 / 256, zeroPoint: -128 } },
    ],
    operators: [
      { op: 'CONV_2D', inputs: ['image', 'filters', 'conv bias'], outputs: ['conv'], options: { padding: 0, stride_w: 1, stride_h: 1, dilation_w_factor: 1, dilation_h_factor: 1, fused_activation_function: 1 }, version: 3 },
      { op: 'MAX_POOL_2D', inputs: ['conv'], outputs: ['pool'], options: { padding: 1, stride_w: 2, stride_h: 2, filter_width: 2, filter_height: 2 }, version: 2 },
      { op: 'RESHAPE', inputs: ['pool', 'shape'], outputs: ['flat'], options: { new_shape: [1, 27] } },
      { op: 'FULLY_CONNECTED', inputs: ['flat', 'weights', 'bias'], outputs: ['logits'], version: 4 },
      { op: 'SOFTMAX', inputs: ['logits'], outputs: ['classes'], options: { beta: 1 }, version: 2 },
    ],
    inputs: ['image'], outputs: ['classes'],
  });
  return { model: parseModel(bytes), bytes };
}
