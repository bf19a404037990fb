import type { ModelDescription, TensorDescription } from '../../../../model/writer/index.ts';
import { seededIntegers } from '../../../../reference/fixtures/random.ts';

export const codes = (count: number, span: number, seed: number): number[] => {
  const next = seededIntegers(seed);
  return Array.from({ length: count }, () => next(-span, span));
};

const INPUT = { scale: 0.05, zeroPoint: 3 };
const OUTPUT = { scale: 0.08, zeroPoint: -5 };

/** 3 x 3 over [batches, 7, 5, 3], no padding, to [batches, 5, 3, 8]. */
export function conv({ batches = 1, weights = codes(8 * 3 * 3 * 3, 90, 3) }: { batches?: number; weights?: readonly number[] } = {}): ModelDescription {
  return {
    tensors: [
      { name: 'x', dtype: 'int8', shape: [batches, 7, 5, 3], quantisation: INPUT },
      { name: 'w', dtype: 'int8', shape: [8, 3, 3, 3], quantisation: { scale: 0.006 }, data: weights },
      { name: 'b', dtype: 'int32', shape: [8], quantisation: { scale: 0.0003 }, data: codes(8, 2000, 5) },
      { name: 'y', dtype: 'int8', shape: [batches, 5, 3, 8], quantisation: OUTPUT },
    ],
    operators: [{ op: 'CONV_2D', inputs: ['x', 'w', 'b'], outputs: ['y'], options: { padding: 1, stride_w: 1, stride_h: 1 } }],
    inputs: ['x'], outputs: ['y'],
  };
}

/** [1, 12] to [1, 20]; int16 activations where asked for. */
export function dense({ weights = codes(240, 90, 11), bias = codes(20, 3000, 12), wide = false, scale = 0.06 }: { weights?: readonly number[]; bias?: readonly number[]; wide?: boolean; scale?: number } = {}): ModelDescription {
  const activation = (name: string, size: number, quantisation: { scale: number; zeroPoint: number }): TensorDescription => (
    { name, dtype: wide ? 'int16' : 'int8', shape: [1, size], quantisation: wide ? { scale: quantisation.scale / 256 } : quantisation });
  return {
    tensors: [
      activation('x', 12, INPUT),
      { name: 'w', dtype: 'int8', shape: [20, 12], quantisation: { scale: 0.007 }, data: weights },
      { name: 'b', dtype: wide ? 'int64' : 'int32', shape: [20], quantisation: { scale: wide ? 0.007 * 0.05 / 256 : 0.00035 }, data: bias },
      activation('y', 20, { scale, zeroPoint: -5 }),
    ],
    operators: [{ op: 'FULLY_CONNECTED', inputs: ['x', 'w', 'b'], outputs: ['y'] }],
    inputs: ['x'], outputs: ['y'],
  };
}

/** Two operands of [1, 4, 6] with scales of their own. */
export function binary(op: string, inputs: readonly string[] = ['p', 'q']): ModelDescription {
  return {
    tensors: [
      { name: 'p', dtype: 'int8', shape: [1, 4, 6], quantisation: INPUT },
      { name: 'q', dtype: 'int8', shape: [1, 4, 6], quantisation: { scale: 0.03, zeroPoint: -8 } },
      { name: 'y', dtype: 'int8', shape: [1, 4, 6], quantisation: OUTPUT },
    ],
    operators: [{ op, inputs, outputs: ['y'] }],
    inputs: ['p', 'q'], outputs: ['y'],
  };
}
