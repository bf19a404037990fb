import type { Kernel, Operand, OperatorContext, OperatorReference } from '../../context.ts';
import { axisOf, gatherByIndex, requireSameType, requireType, sameShape } from './walk.ts';

/** Equal parts along an axis. (TFLM micro/kernels/split.cc) */
export const split: OperatorReference = {
  name: 'SPLIT',
  supports: 'float32, int8, int16, int32; constant int32 axis',
  prepare(context: OperatorContext) {
    const outputs = context.outputs();
    context.require(outputs.every(({ tensor }) => sameShape(tensor.shape, outputs[0]?.tensor.shape ?? [])), 'the outputs differ in shape');
    return splitAlong(context, context.input(1, 'input'), 0);
  },
};

/** Parts along an axis, as long as their output tensors say; size_splits is not looked at. (TFLM micro/kernels/split_v.cc) */
export const splitV: OperatorReference = {
  name: 'SPLIT_V',
  supports: 'float32, int8, int16, int32; constant int32 axis',
  prepare: (context) => splitAlong(context, context.input(0, 'input'), 2),
};

function splitAlong(context: OperatorContext, input: Operand, axisInput: number): Kernel {
  const { shape } = input.tensor;
  requireType(context, input, ['float32', 'int8', 'int16', 'int32'], 'input');
  requireType(context, context.input(axisInput, 'axis'), ['int32'], 'axis');
  const axis = axisOf(context, context.constantInts(axisInput, 'axis')[0] ?? 0, shape.length);
  let start = 0;
  const kernels = context.outputs().map((output, k) => {
    requireSameType(context, input, output);
    const length = output.tensor.shape[axis] ?? 0;
    context.require(sameShape(output.tensor.shape, shape.with(axis, length)), `output ${k} does not fit the input`);
    const first = start;
    start += length;
    return gatherByIndex(context, input, output, (index) => index.with(axis, (index[axis] as number) + first));
  });
  context.require(start === shape[axis], 'the outputs are not as long as the input');
  return () => kernels.forEach((kernel) => kernel());
}
