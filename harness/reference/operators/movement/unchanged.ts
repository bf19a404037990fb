import type { Kernel, Operand, OperatorContext } from '../../context.ts';
import { bitsOf, requireSameType } from './walk.ts';

/** The same elements under another shape. */
export function copyUnchanged(context: OperatorContext, input: Operand, output: Operand): Kernel {
  requireSameType(context, input, output);
  context.require(input.data.length === output.data.length, `input has ${input.data.length} elements, output ${output.data.length}`);
  const from = bitsOf(input.data);
  const to = bitsOf(output.data);
  return () => to.set(from as never);
}
