import type { OperatorContext, OperatorReference } from '../../context.ts';
import { requireType, sameShape } from './walk.ts';

/** The input's shape as values. (TFLM micro/kernels/shape.cc) */
export const shape: OperatorReference = {
  name: 'SHAPE',
  supports: 'any type to int32',
  prepare(context: OperatorContext) {
    const input = context.input(0, 'input');
    const output = context.output();
    requireType(context, output, ['int32'], 'output');
    context.require(sameShape(output.tensor.shape, [input.tensor.shape.length]), 'the output is not one value a dimension');
    return () => (output.data as Int32Array).set(input.tensor.shape);
  },
};
