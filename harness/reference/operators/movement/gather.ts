import type { OperatorContext, OperatorReference } from '../../context.ts';
import { axisOf, bitsOf, product, requireSameType, requireType, sameShape } from './walk.ts';

/**
 * Slices of the input along an axis, by index. An index outside the input is refused where it is constant, and gives zeros where
 * it is computed (TFLM's invocation fails; until August 2026 it read outside the input). (TFLM micro/kernels/gather.cc)
 */
export const gather: OperatorReference = {
  name: 'GATHER',
  supports: 'float32, int8; int32 indices, constant or computed',
  prepare(context: OperatorContext) {
    const input = context.input(0, 'input');
    const indices = context.input(1, 'indices');
    const output = context.output();
    requireType(context, input, ['float32', 'int8'], 'input');
    requireType(context, indices, ['int32'], 'indices');
    requireSameType(context, input, output);
    const { shape } = input.tensor;
    const axis = axisOf(context, Number(context.operator.options['axis'] ?? 0), shape.length);
    const batchDims = batchDimsOf(context, indices.tensor.shape, shape, axis);
    const result = [...shape.slice(0, axis), ...indices.tensor.shape.slice(batchDims), ...shape.slice(axis + 1)];
    context.require(sameShape(result, output.tensor.shape), `gives [${result.join(', ')}], the output is [${output.tensor.shape.join(', ')}]`);

    const batches = product(shape.slice(0, batchDims));
    const outer = product(shape.slice(batchDims, axis));
    const length = shape[axis] as number;
    const inner = product(shape.slice(axis + 1));
    const picks = product(indices.tensor.shape.slice(batchDims));
    const at = indices.data as Int32Array;
    if (indices.tensor.data !== null) context.require(at.every((index) => index >= 0 && index < length), `an index lies outside axis ${axis} of the input`);
    const from = bitsOf(input.data);
    const to = bitsOf(output.data);
    return () => {
      let next = 0;
      for (let batch = 0; batch < batches; batch++) {
        for (let row = batch * outer; row < (batch + 1) * outer; row++) {
          for (let pick = 0; pick < picks; pick++) {
            const index = at[batch * picks + pick] as number;
            for (let k = 0; k < inner; k++) to[next++] = index >= 0 && index < length ? (from[(row * length + index) * inner + k] as number) : 0;
          }
        }
      }
    };
  },
};

/** batch_dims, counted from the rank of the indices where it is negative. */
function batchDimsOf(context: OperatorContext, indices: readonly number[], shape: readonly number[], axis: number): number {
  const given = Number(context.operator.options['batch_dims'] ?? 0);
  const batchDims = given < 0 ? given + indices.length : given;
  context.require(batchDims >= 0 && batchDims <= axis && batchDims <= indices.length, `batch_dims ${given} with axis ${axis}`);
  context.require(sameShape(indices.slice(0, batchDims), shape.slice(0, batchDims)), 'input and indices differ in their batch dimensions');
  return batchDims;
}
