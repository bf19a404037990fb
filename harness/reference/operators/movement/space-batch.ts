import type { Operand, OperatorContext } from '../../context.ts';
import { requireSameType, requireType } from './walk.ts';

/** What SPACE_TO_BATCH_ND and BATCH_TO_SPACE_ND have in common; [batch, height, channels] counts as [batch, height, 1, channels]. */
export interface SpaceBatch {
  readonly input: Operand;
  readonly output: Operand;
  /** Rows and columns of a block. */
  readonly block: readonly [number, number];
  /** Rows above and columns left of the image that are put in or cut off. */
  readonly before: readonly [number, number];
  /** Rows and columns of a tensor. */
  spatial(operand: Operand): readonly [number, number];
  /** Index of a tensor's first element at a position, without the channel's. */
  index(batch: number, row: number, column: number, channel: number): number[];
}

export function readSpaceBatch(context: OperatorContext, borders: string): SpaceBatch {
  const input = context.input(0, 'input');
  const output = context.output();
  const rank = input.tensor.shape.length;
  requireType(context, input, ['float32', 'int8'], 'input');
  requireSameType(context, input, output);
  context.require((rank === 3 || rank === 4) && output.tensor.shape.length === rank, 'input and output must both have three or four dimensions');
  context.require(input.tensor.shape.at(-1) === output.tensor.shape.at(-1), 'input and output differ in channels');
  requireType(context, context.input(1, 'block shape'), ['int32'], 'block shape');
  requireType(context, context.input(2, borders), ['int32'], borders);
  const block = context.constantInts(1, 'block shape');
  const edges = context.constantInts(2, borders);
  context.require(block.length === rank - 2 && edges.length === 2 * block.length, `block shape and ${borders} do not have ${rank - 2} spatial dimensions`);
  context.require(block.every((size) => size >= 1) && edges.every((edge) => edge >= 0), `block shape or ${borders} are negative`);
  return {
    input, output,
    block: [block[0] as number, block[1] ?? 1],
    before: [edges[0] as number, edges[2] ?? 0],
    spatial: ({ tensor }) => [tensor.shape[1] as number, rank === 4 ? (tensor.shape[2] as number) : 1],
    index: (batch, row, column, channel) => (rank === 4 ? [batch, row, column, channel] : [batch, row, channel]),
  };
}
