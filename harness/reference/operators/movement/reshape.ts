import type { OperatorContext, OperatorReference } from '../../context.ts';
import { copyUnchanged } from './unchanged.ts';

/** A copy: the shape is the output tensor's, whatever the second input says. (TFLM micro/kernels/reshape.cc, reshape_common.cc) */
export const reshape: OperatorReference = {
  name: 'RESHAPE',
  supports: 'any type, static shapes',
  prepare(context: OperatorContext) {
    context.require(context.operator.inputs.length <= 2, `has ${context.operator.inputs.length} inputs`);
    return copyUnchanged(context, context.input(0, 'input'), context.output());
  },
};
