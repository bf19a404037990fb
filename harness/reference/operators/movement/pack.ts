import type { OperatorContext, OperatorReference } from '../../context.ts';
import { axisOf, requireSameType, requireType, sameShape, scatterByIndex } from './walk.ts';

/** Tensors of one shape stacked along a new axis. (TFLM micro/kernels/pack.cc) */
export const pack: OperatorReference = {
  name: 'PACK',
  supports: 'float32, int8, int16, int32, int64',
  prepare(context: OperatorContext) {
    const { operator } = context;
    const output = context.output();
    const { shape } = output.tensor;
    requireType(context, output, ['float32', 'int8', 'int16', 'int32', 'int64'], 'output');
    const axis = axisOf(context, Number(operator.options['axis'] ?? 0), shape.length);
    context.require(operator.options['values_count'] === operator.inputs.length && shape[axis] === operator.inputs.length, 'values_count, the inputs and the output differ');
    const kernels = operator.inputs.map((_, k) => {
      const input = context.input(k, `input ${k}`);
      requireSameType(context, input, output);
      context.require(sameShape(input.tensor.shape, shape.toSpliced(axis, 1)), `input ${k} does not fit the output`);
      return scatterByIndex(context, input, output, (index) => index.toSpliced(axis, 0, k));
    });
    return () => kernels.forEach((kernel) => kernel());
  },
};
