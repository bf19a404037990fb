import type { OperatorCase } from '../../case.ts';

type PoolType = 'int8' | 'int16' | 'float32';
type Pool = 'AVERAGE_POOL_2D' | 'MAX_POOL_2D' | 'L2_POOL_2D';

interface Form {
  /** [batches, height, width, channels] */
  readonly shape: readonly [number, number, number, number];
  /** [height, width] */
  readonly window: readonly [number, number];
  /** [height, width], default 1 */
  readonly stride?: readonly [number, number];
  readonly padding?: 'SAME' | 'VALID';
  readonly activation?: number;
  readonly zeroPoint?: number;
}

const FORMS: readonly Form[] = [
  { shape: [1, 1, 1, 1], window: [1, 1] },
  { shape: [1, 4, 4, 1], window: [2, 2], stride: [2, 2], padding: 'VALID' },
  { shape: [1, 5, 5, 3], window: [2, 2], stride: [2, 2] },
  { shape: [1, 5, 5, 5], window: [3, 3], zeroPoint: 127 },
  { shape: [2, 5, 3, 4], window: [3, 2], stride: [2, 1], zeroPoint: -128 },
  { shape: [1, 7, 6, 16], window: [3, 3], stride: [3, 3], padding: 'VALID' },
  { shape: [1, 4, 5, 17], window: [2, 3], stride: [1, 2] },
  { shape: [3, 2, 2, 2], window: [2, 2], padding: 'VALID' },
  { shape: [1, 3, 3, 2], window: [5, 7] },
  { shape: [1, 2, 3, 8], window: [9, 9], stride: [3, 3] },
  { shape: [1, 6, 1, 7], window: [1, 1], stride: [3, 3], padding: 'VALID' },
  { shape: [1, 8, 8, 9], window: [8, 8], padding: 'VALID' },
  { shape: [1, 16, 17, 33], window: [16, 17], padding: 'VALID' },
  { shape: [1, 1, 12, 24], window: [1, 3], stride: [1, 3], padding: 'VALID' },
  { shape: [1, 3, 4, 6], window: [3, 3], activation: 1, zeroPoint: 5 },
  { shape: [1, 3, 4, 6], window: [3, 3], activation: 2, zeroPoint: -3 },
  { shape: [1, 3, 4, 6], window: [3, 3], activation: 3, zeroPoint: -100 },
];

/** The scale at which RELU6 and RELU_N1_TO_1 cut something. */
const SCALE: Readonly<Record<PoolType, number>> = { int8: 0.05, int16: 0.0002, float32: 0 };

function pool(op: Pool, dtype: PoolType, form: Form, index: number): OperatorCase {
  const { shape: [batches, height, width, channels], window, stride = [1, 1], padding = 'SAME', activation = 0 } = form;
  const size = (n: number, k: number, s: number): number => (padding === 'SAME' ? Math.ceil(n / s) : Math.floor((n - k) / s) + 1);
  const quantised = dtype === 'float32' ? {} : { quantisation: { scale: SCALE[dtype], zeroPoint: dtype === 'int8' ? (form.zeroPoint ?? 0) : 0 } };
  return {
    name: `${op.toLowerCase().replaceAll('_', '-')}-${dtype}-${index}`,
    op,
    model: {
      tensors: [
        { name: 'x', dtype, shape: [batches, height, width, channels], ...quantised },
        { name: 'y', dtype, shape: [batches, size(height, window[0], stride[0]), size(width, window[1], stride[1]), channels], ...quantised },
      ],
      operators: [{ op, inputs: ['x'], outputs: ['y'], options: {
        padding: padding === 'SAME' ? 0 : 1, stride_h: stride[0], stride_w: stride[1], filter_height: window[0], filter_width: window[1], fused_activation_function: activation,
      } }],
      inputs: ['x'],
      outputs: ['y'],
    },
  };
}

export const pools: readonly OperatorCase[] = [
  ...(['AVERAGE_POOL_2D', 'MAX_POOL_2D'] as const).flatMap((op) => (['int8', 'int16', 'float32'] as const).flatMap((dtype) => FORMS.map((form, i) => pool(op, dtype, form, i)))),
  ...FORMS.map((form, i) => pool('L2_POOL_2D', 'float32', form, i)),
];
