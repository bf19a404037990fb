import type { DType } from '../../../../harness/model/graph.ts';
import type { TensorDescription } from '../../../../harness/model/writer/index.ts';
import type { OperatorCase } from '../../case.ts';

/** A tensor's type, and scale and zero point where it has some. */
export interface Side {
  readonly dtype: DType;
  readonly scale?: number;
  readonly zeroPoint?: number;
}

export const tensor = (name: string, { dtype, scale, zeroPoint }: Side, shape: readonly number[]): TensorDescription =>
  ({ name, dtype, shape, ...(scale === undefined ? {} : { quantisation: { scale, zeroPoint: zeroPoint ?? 0 } }) });

type Extra = Partial<Pick<OperatorCase, 'samples' | 'inputs' | 'ulp' | 'noOracle' | 'oracle'>>;

/** A graph of one operator with one operand. */
export function single(name: string, op: string, from: Side, to: Side, shape: readonly number[], options: Record<string, number> = {}, extra: Extra = {}): OperatorCase {
  return {
    name, op, ...extra,
    model: { tensors: [tensor('x', from, shape), tensor('y', to, shape)], operators: [{ op, inputs: ['x'], outputs: ['y'], options }], inputs: ['x'], outputs: ['y'] },
  };
}

/** All int8 codes, in an order that no two neighbours share. */
export const ALL_CODES: readonly number[] = Array.from({ length: 256 }, (_, i) => ((i * 37) % 256) - 128);

/** int16 codes: the ends, those around zero and around the steps of tables, and some over the whole range. */
export const CODES16: readonly number[] = [
  -32768, -32767, -32766, -129, -128, -127, -2, -1, 0, 1, 2, 127, 128, 129, 32766, 32767, 511, 512, 513, -511, -512, -513, 170, 171, -170, -171,
  ...Array.from({ length: 102 }, (_, i) => ((i * 24097 + 331) % 65536) - 32768),
];

/** float32 values: signed zeros, subnormal, huge, infinite, around the integers and their halves, and some between -20 and 20. */
export const FLOATS: readonly number[] = [
  Number.NaN, 0, -0, 1e-45, -1e-45, 1e-39, -1e-39, 1.1754944e-38, -1.1754944e-38, 3.4028235e38, -3.4028235e38, Infinity, -Infinity, 8388608, -8388609, 4194303.5, -4194304.5,
  0.5, -0.5, 1, -1, 1.5, -1.5, 2.5, -2.5, 3, -3, 6, -6, 6.0000005, 0.49999997, -0.49999997, 88.72283, -88.72283, -103.9, -104, 16.619047, 16.61905, -9, -9.000001, 0.625, -0.62500006,
  ...Array.from({ length: 86 }, (_, i) => Math.fround((((i * 7919) % 1009) / 1009 - 0.5) * 40)),
];
