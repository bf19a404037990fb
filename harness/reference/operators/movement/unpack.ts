import type { OperatorContext, OperatorReference } from '../../context.ts';
import { axisOf, gatherByIndex, requireSameType, requireType, sameShape } from './walk.ts';

/** One output for each index of an axis, which goes. (TFLM micro/kernels/unpack.cc) */
export const unpack: OperatorReference = {
  name: 'UNPACK',
  supports: 'float32, int8, int16, int32',
  prepare(context: OperatorContext) {
    const { operator } = context;
    const input = context.input(0, 'input');
    const outputs = context.outputs();
    const { shape } = input.tensor;
    requireType(context, input, ['float32', 'int8', 'int16', 'int32'], 'input');
    const axis = axisOf(context, Number(operator.options['axis'] ?? 0), shape.length);
    context.require(operator.options['num'] === outputs.length && shape[axis] === outputs.length, 'num, the input and the outputs differ');
    const kernels = outputs.map((output, k) => {
      requireSameType(context, input, output);
      context.require(sameShape(output.tensor.shape, shape.toSpliced(axis, 1)), `output ${k} does not fit the input`);
      return gatherByIndex(context, input, output, (index) => index.toSpliced(axis, 0, k));
    });
    return () => kernels.forEach((kernel) => kernel());
  },
};
