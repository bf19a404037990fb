import type { Operand, OperatorContext } from '../../context.ts';
import { requireSameType, requireType } from './walk.ts';

/** What both resize operators have in common: [batch, height, width, channels], the new height and width constant. */
export interface Resize {
  readonly input: Operand;
  readonly output: Operand;
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

export function readResize(context: OperatorContext): Resize {
  const input = context.input(0, 'input');
  const output = context.output();
  requireSameType(context, input, output);
  requireType(context, context.input(1, 'size'), ['int32'], 'size');
  const [rows, columns, ...rest] = context.constantInts(1, 'size');
  const from = input.tensor.shape;
  const to = output.tensor.shape;
  context.require(from.length === 4 && to.length === 4, 'input and output must be [batch, height, width, channels]');
  context.require(from[0] === to[0] && from[3] === to[3], 'input and output differ in batches or channels');
  context.require(rest.length === 0 && rows === to[1] && columns === to[2], 'the size is not that of the output');
  context.require(input.data.length > 0 && output.data.length > 0, 'an image is empty');
  return { input, output, alignCorners: context.operator.options['align_corners'] === true, halfPixelCenters: context.operator.options['half_pixel_centers'] === true };
}
