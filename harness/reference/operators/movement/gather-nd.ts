import type { OperatorContext, OperatorReference } from '../../context.ts';
import { bitsOf, product, requireSameType, requireType, sameShape, stridesOf } from './walk.ts';

/**
 * Slices of the input by rows of indices, one index for each of its first dimensions. As in TFLM only the slice must lie inside
 * the input: an index beyond its own dimension goes on in the next row. A slice outside is refused where the indices are
 * constant, and gives zeros where they are computed (TFLM's invocation fails). (TFLM micro/kernels/gather_nd.cc)
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
    const rows = at.length / depth;
    // Wraps at 32 bits, as on the device.
    const placeOf = (row: number): number => strides.slice(0, depth).reduce((sum, stride, k) => (sum + Math.imul(at[row * depth + k] as number, stride)) | 0, 0);
    const isInside = (place: number): boolean => place >= 0 && place <= input.data.length - inner;
    if (indices.tensor.data !== null) {
      for (let row = 0; row < rows; row++) context.require(isInside(placeOf(row)), `row ${row} of the indices lies outside the input`);
    }
    const from = bitsOf(input.data);
    const to = bitsOf(output.data);
    return () => {
      for (let row = 0; row < rows; row++) {
        const first = placeOf(row);
        for (let k = 0; k < inner; k++) to[row * inner + k] = isInside(first) ? (from[first + k] as number) : 0;
      }
    };
  },
};
