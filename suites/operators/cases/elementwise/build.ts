import type { DType } from '../../../../harness/model/graph.ts';
import type { OperatorDescription, TensorDescription } from '../../../../harness/model/writer/index.ts';
import type { OperatorCase } from '../../case.ts';

/** An operand or output: [dtype, shape, scale, zero point]; no scale for plain numbers. */
export type Of = readonly [dtype: DType, shape: readonly number[], scale?: number, zeroPoint?: number];

export interface BuildOptions extends Omit<OperatorCase, 'name' | 'op' | 'model'> {
  readonly options?: OperatorDescription['options'];
  /** Data of operands that are constant, by position. */
  readonly constants?: Readonly<Record<number, readonly number[]>>;
}

/** A graph of one operator. */
export function elementwise(name: string, op: string, operands: readonly Of[], output: Of, { options, constants = {}, ...rest }: BuildOptions = {}): OperatorCase {
  const names = operands.map((_, k) => `x${k}`);
  return {
    name,
    op,
    model: {
      tensors: [...operands.map((of, k) => tensor(`x${k}`, of, constants[k])), tensor('y', output)],
      operators: [{ op, inputs: names, outputs: ['y'], ...(options === undefined ? {} : { options }) }],
      inputs: names.filter((_, k) => constants[k] === undefined),
      outputs: ['y'],
    },
    ...rest,
  };
}

function tensor(name: string, [dtype, shape, scale, zeroPoint = 0]: Of, data?: readonly number[]): TensorDescription {
  return { name, dtype, shape, ...(scale === undefined ? {} : { quantisation: { scale, zeroPoint } }), ...(data === undefined ? {} : { data }) };
}

/** Pairs of shapes that broadcast, in every position and up to six dimensions, and what they give. */
export const BROADCASTS: readonly (readonly [name: string, left: readonly number[], right: readonly number[], output: readonly number[]])[] = [
  ['scalar-right', [2, 3, 5], [], [2, 3, 5]],
  ['scalar-left', [], [17], [17]],
  ['one-right', [3, 5], [1], [3, 5]],
  ['channel-right', [2, 3, 5], [5], [2, 3, 5]],
  ['channel-left', [1, 1, 1, 5], [2, 2, 3, 5], [2, 2, 3, 5]],
  ['row-right', [2, 3, 5], [2, 1, 5], [2, 3, 5]],
  ['column-left', [2, 3, 1], [2, 3, 16], [2, 3, 16]],
  ['batch-right', [3, 2, 2, 3], [3, 1, 1, 1], [3, 2, 2, 3]],
  ['outer-product', [7, 1], [1, 5], [7, 5]],
  ['both-sides', [2, 1, 3, 1], [1, 4, 1, 5], [2, 4, 3, 5]],
  ['less-axes', [3, 1, 2], [4, 2], [3, 4, 2]],
  ['five-axes', [2, 1, 3, 1, 2], [1, 2, 1, 3, 1], [2, 2, 3, 3, 2]],
  ['six-axes', [2, 1, 2, 1, 3, 1], [1, 2, 1, 2, 1, 2], [2, 2, 2, 2, 3, 2]],
];

/** Shapes without broadcasting. */
export const SHAPES: readonly (readonly number[])[] = [[], [1], [1, 1], [3], [5], [16], [17], [2, 3, 3], [1, 1, 2, 2, 1, 3], [3, 4, 4, 4]];

export const ACTIVATIONS: readonly (readonly [name: string, value: number])[] = [['none', 0], ['relu', 1], ['relu-n1-to-1', 2], ['relu6', 3]];

export const pairs = <T>(values: readonly T[]): (readonly [T, T])[] => values.flatMap((a) => values.map((b) => [a, b] as const));
