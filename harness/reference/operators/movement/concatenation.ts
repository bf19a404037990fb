import type { OperatorContext, OperatorReference } from '../../context.ts';
import { axisOf, requireSameType, requireType, sameQuantisation, sameShape, scatterByIndex } from './walk.ts';

/**
 * Inputs one after the other along an axis. int8 codes are not rescaled, hence one scale and zero point for all.
 * (TFLM micro/kernels/concatenation.cc, kernels/internal/reference/concatenation.h)
 */
export const concatenation: OperatorReference = {
  name: 'CONCATENATION',
  supports: 'float32, int8, int16, int32, int64, bool; 1 to 10 inputs of up to 6 dimensions, no fused activation',
  prepare(context: OperatorContext) {
    const { operator } = context;
    const output = context.output();
    const { shape } = output.tensor;
    context.require(operator.inputs.length >= 1 && operator.inputs.length <= 10, `has ${operator.inputs.length} inputs; TFLM has up to 10`);
    context.require((operator.options['fused_activation_function'] ?? 0) === 0, 'has a fused activation, which TFLM refuses');
    context.require(shape.length <= 6, `${shape.length} dimensions; TFLM has up to 6`);
    requireType(context, output, ['float32', 'int8', 'int16', 'int32', 'int64', 'bool'], 'output');
    const axis = axisOf(context, Number(operator.options['axis'] ?? 0), shape.length);
    let start = 0;
    const kernels = operator.inputs.map((_, k) => {
      const input = context.input(k, `input ${k}`);
      requireSameType(context, input, output);
      context.require(output.tensor.dtype !== 'int8' || sameQuantisation(input, output), `input ${k} and the output differ in scale or zero point`);
      context.require(output.tensor.dtype !== 'int16' || [input, output].every(({ tensor }) => (tensor.quantisation?.zeroPoint[0] ?? 0) === 0), 'an int16 tensor has a zero point');
      const length = input.tensor.shape[axis] ?? 0;
      context.require(sameShape(input.tensor.shape, shape.with(axis, length)), `input ${k} does not fit the output`);
      const first = start;
      start += length;
      context.require(start <= (shape[axis] as number), 'the inputs are longer than the output');
      return scatterByIndex(context, input, output, (index) => index.with(axis, (index[axis] as number) + first));
    });
    context.require(start === shape[axis], 'the inputs are shorter than the output');
    return () => kernels.forEach((kernel) => kernel());
  },
};
