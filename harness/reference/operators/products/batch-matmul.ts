import type { Operand, OperatorContext, OperatorReference } from '../../context.ts';
import { factorsOf, floatFinish, integerFinish } from './finish.ts';
import type { Finish } from './finish.ts';
import { sumOfFloats, sumOfIntegers } from './sums.ts';
import type { Codes } from './sums.ts';

interface Arithmetic {
  readonly sum: typeof sumOfIntegers;
  readonly finish: Finish;
  readonly leftZeroPoint: number;
  readonly rightZeroPoint: number;
}

/** The last two axes of a tensor as a matrix, and the axes before them. */
interface Matrices {
  readonly data: Codes;
  readonly rows: number;
  readonly columns: number;
  readonly batch: readonly number[];
}

/**
 * [..., rows, depth] x [..., depth, columns]; adj_x and adj_y: that operand is stored transposed. The axes before the last two
 * broadcast. Sums run along the depth in order. Both operands may be computed.
 * (TFLM micro/kernels/batch_matmul.cc, batch_matmul_common.cc; kernels/internal/reference/batch_matmul.h)
 */
export const batchMatmul: OperatorReference = {
  name: 'BATCH_MATMUL',
  supports: 'int8, int16 or float32 for both operands and the output, two to five axes with broadcasting, adj_x, adj_y',
  prepare(context: OperatorContext) {
    const operands = [context.input(0, 'left operand'), context.input(1, 'right operand')] as const;
    const output = context.output();
    const [left, right] = operands.map((operand) => matrices(context, operand)) as [Matrices, Matrices];
    const isLeftTransposed = context.operator.options.adj_x === true;
    const isRightTransposed = context.operator.options.adj_y === true;
    const [rows, depth] = isLeftTransposed ? [left.columns, left.rows] : [left.rows, left.columns];
    const [columns, rightDepth] = isRightTransposed ? [right.rows, right.columns] : [right.columns, right.rows];
    context.require(depth === rightDepth, `sums of ${depth} and ${rightDepth} products`);
    const batch = broadcast(context, left.batch, right.batch);
    const shape = [...batch, rows, columns];
    context.require(output.tensor.shape.join() === shape.join(), `output [${output.tensor.shape.join()}], not [${shape.join()}]`);
    const { sum, finish, leftZeroPoint, rightZeroPoint } = arithmeticOf(context, operands, output);
    const leftOffsets = offsets(batch, left.batch, rows * depth);
    const rightOffsets = offsets(batch, right.batch, columns * depth);
    const results = output.data as Codes;

    return () => {
      // Both as rows of `depth`, as the kernels have them.
      const a = isLeftTransposed ? transposed(left) : left.data;
      const b = isRightTransposed ? right.data : transposed(right);
      let at = 0;
      for (let matrix = 0; matrix < leftOffsets.length; matrix++) {
        for (let row = 0; row < rows; row++) {
          for (let column = 0; column < columns; column++) {
            const total = sum(0, a, (leftOffsets[matrix] as number) + row * depth, leftZeroPoint, b, (rightOffsets[matrix] as number) + column * depth, rightZeroPoint, depth);
            results[at++] = finish(total, 0);
          }
        }
      }
    };
  },
};

function matrices(context: OperatorContext, { tensor, data }: Operand): Matrices {
  const { shape } = tensor;
  context.require(shape.length >= 2 && shape.length <= 5, `an operand [${shape.join()}] has not two to five axes`);
  context.require(Math.min(...shape) > 0, `an operand [${shape.join()}] is empty`);
  return { data: data as Codes, rows: shape.at(-2) as number, columns: shape.at(-1) as number, batch: shape.slice(0, -2) };
}

function arithmeticOf(context: OperatorContext, [left, right]: readonly [Operand, Operand], output: Operand): Arithmetic {
  const { dtype } = left.tensor;
  context.require(right.tensor.dtype === dtype && output.tensor.dtype === dtype, `${dtype} x ${right.tensor.dtype} -> ${output.tensor.dtype}`);
  if (dtype === 'float32') return { sum: sumOfFloats, finish: floatFinish(context, null), leftZeroPoint: 0, rightZeroPoint: 0 };
  context.require(dtype === 'int8' || dtype === 'int16', `operands are ${dtype}, not int8, int16 or float32`);
  const [a, b, y] = [context.quantised(left, dtype, 'left operand'), context.quantised(right, dtype, 'right operand'), context.quantised(output, dtype, 'output')];
  context.require(dtype === 'int8' || [a, b, y].every(({ zeroPoint }) => zeroPoint === 0), 'int16 with a zero point');
  const factors = factorsOf(context, a.scale, [b.scale], y.scale, dtype === 'int8' ? 'int32' : 'int64');
  return { sum: sumOfIntegers, finish: integerFinish(context, factors, null, y), leftZeroPoint: a.zeroPoint, rightZeroPoint: b.zeroPoint };
}

function broadcast(context: OperatorContext, left: readonly number[], right: readonly number[]): number[] {
  const rank = Math.max(left.length, right.length);
  const sizes = (shape: readonly number[]): number[] => [...Array<number>(rank - shape.length).fill(1), ...shape];
  const [a, b] = [sizes(left), sizes(right)];
  return a.map((size, axis) => {
    const other = b[axis] as number;
    context.require(size === other || size === 1 || other === 1, `axes of ${size} and ${other} do not broadcast`);
    return Math.max(size, other);
  });
}

/** Where each matrix of the output finds its operand: one of size 1 is read again along that axis. */
function offsets(batch: readonly number[], own: readonly number[], elements: number): number[] {
  let result = [0];
  let stride = elements;
  // From the last axis to the first, so that the last one varies fastest in the result.
  for (let axis = batch.length - 1; axis >= 0; axis--) {
    const size = own[axis - (batch.length - own.length)] ?? 1;
    const step = size === 1 ? 0 : stride;
    const inner = result;
    result = Array.from({ length: batch[axis] as number }, (_, i) => inner.map((offset) => offset + i * step)).flat();
    stride *= size;
  }
  return result;
}

function transposed({ data, rows, columns }: Matrices): Codes {
  const result = data.slice();
  for (let start = 0; start < data.length; start += rows * columns) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) result[start + column * rows + row] = data[start + row * columns + column] as number;
    }
  }
  return result;
}
