import type { OperatorContext, OperatorReference } from '../../context.ts';
import { requireType, sameShape } from './walk.ts';
import { copyUnchanged } from './unchanged.ts';

/** An axis of length 1 put in. (TFLM micro/kernels/expand_dims.cc) */
export const expandDims: OperatorReference = {
  name: 'EXPAND_DIMS',
  supports: 'float32, int8, int16; constant int32 axis',
  prepare(context: OperatorContext) {
    const input = context.input(0, 'input');
    const output = context.output();
    requireType(context, input, ['float32', 'int8', 'int16'], 'input');
    requireType(context, context.input(1, 'axis'), ['int32'], 'axis');
    const [axis = 0] = context.constantInts(1, 'axis');
    const { shape } = input.tensor;
    const at = axis < 0 ? axis + shape.length + 1 : axis;
    context.require(at >= 0 && at <= shape.length, `axis ${axis} of ${shape.length} dimensions`);
    context.require(sameShape(shape.toSpliced(at, 0, 1), output.tensor.shape), `the output is not the input with a 1 at axis ${at}`);
    return copyUnchanged(context, input, output);
  },
};
