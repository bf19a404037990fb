import type { OperatorContext, OperatorReference } from '../../context.ts';
import { bitsOf, product, requireSameType, requireType, sameShape, stridesOf } from './walk.ts';

/**
 * Slices of the input by rows of indices, one index for each of its first dimensions. TFLM checks only that the slice lies inside
 * the input as a whole; here every index must lie inside its dimension: a constant is refused otherwise, a computed one gives
 * zeros (TFLM's invocation fails, or it takes a slice of another row). (TFLM micro/kernels/gather_nd.cc)
 */
export const gatherNd: OperatorReference = {
  name: 'GATHER_ND',
  supports: 'float32, int8; int32 indices of up to 5 dimensions, constant or computed',
  prepare(context: OperatorContext) {
    const input = context.input(0, 'input');
    const indices = context.input(1, 'indices');
    const output = context.output();
    requireType(context, input, ['float32', 'int8'], 'input');
    requireType(context, indices, ['int32'], 'indices');
    requireSameType(context, input, output);
    const { shape } = input.tensor;
    const depth = indices.tensor.shape.at(-1) ?? 0;
    context.require(depth >= 1 && depth <= 5 && depth <= shape.length, `rows of ${depth} indices into ${shape.length} dimensions`);
    const result = [...indices.tensor.shape.slice(0, -1), ...shape.slice(depth)];
    context.require(sameShape(result, output.tensor.shape), `gives [${result.join(', ')}], the output is [${output.tensor.shape.join(', ')}]`);

    const at = indices.data as Int32Array;
    const inner = product(shape.slice(depth));
    const strides = stridesOf(shape);
    const inside = (value: number, i: number): boolean => value >= 0 && value < (shape[i % depth] as number);
    if (indices.tensor.data !== null) context.require(at.every(inside), 'an index lies outside the input');
    const from = bitsOf(input.data);
    const to = bitsOf(output.data);
    return () => {
      for (let row = 0; row < at.length / depth; row++) {
        const index = at.subarray(row * depth, (row + 1) * depth);
        const first = index.reduce((sum, value, axis) => sum + value * (strides[axis] as number), 0);
        const isInside = index.every(inside);
        for (let k = 0; k < inner; k++) to[row * inner + k] = isInside ? (from[first + k] as number) : 0;
      }
    };
  },
};
