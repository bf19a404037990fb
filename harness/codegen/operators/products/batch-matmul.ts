import type { Tensor } from '../../../model/graph.ts';
import { broadcastShape } from '../../../numerics/index.ts';
import { int32Items } from '../../quantised.ts';
import type { EmitContext, OperatorGenerator } from '../../context.ts';
import { describe, inputTensor, need, outputTensor } from '../refusal.ts';
import { readArithmetic } from './arithmetic.ts';

/**
 * BATCH_MATMUL: [..., rows, depth] x [..., depth, columns], each stored as it is or transposed (adj_x, adj_y); the other axes broadcast.
 * (TFLM micro/kernels/batch_matmul.cc, batch_matmul_common.cc; kernels/internal/reference/batch_matmul.h)
 */
export const batchMatmul: OperatorGenerator = {
  op: 'BATCH_MATMUL',
  supports: 'int8, int16 or float32 for both operands and the output, two to five axes with broadcasting, adj_x, adj_y',
  types: ['int8', 'int16', 'float32'],
  plan: (operator, context) => {
    const [left, right, output] = [inputTensor(context.graph, operator, 0), inputTensor(context.graph, operator, 1), outputTensor(context.graph, operator)];
    need([left, right].every(({ shape }) => shape.length >= 2 && shape.length <= 5 && Math.min(...shape) > 0), 'the operands must have two to five dimensions, none of 0');
    need(left.dtype === right.dtype, `${left.dtype} times ${right.dtype}`);
    const a = matrixOf(left, operator.options['adj_x'] === true);
    const b = matrixOf(right, operator.options['adj_y'] !== true);
    need(a.length === b.length, `sums of ${a.length} and ${b.length} products`);
    const batch = broadcastShape([left.shape.slice(0, -2), right.shape.slice(0, -2)]);
    need(batch !== null, 'the shapes do not broadcast');
    need(output.shape.join() === [...batch, a.vectors, b.vectors].join(), `the output is [${output.shape.join(', ')}], not [${[...batch, a.vectors, b.vectors].join(', ')}]`);
    const starts = [left, right].map((tensor) => offsets(batch, tensor.shape));
    const operands = { operator, input: left, weights: right, bias: null, output, channels: 1, channelAxis: null, weightsZeroPoint: true };
    const arithmetic = readArithmetic(operands, context);
    const emit = (emitted: EmitContext) => {
      const [leftAt, rightAt] = starts.map((values, k) => emitted.constants.add(`layer${operator.index}_${k === 0 ? 'left' : 'right'}`, 'int32_t', `where the matrices of layer ${operator.index} begin`, int32Items(values)));
      return {
        comment: [describe('left', left), describe('right', right), describe('output', output)],
        body: [
          'static const nn_matrices layer = {',
          `  .count = ${starts[0]?.length ?? 0}, .rows = ${a.vectors}, .columns = ${b.vectors}, .depth = ${a.length},`,
          `  .left_row_step = ${a.vectorStep}, .left_step = ${a.step}, .right_column_step = ${b.vectorStep}, .right_step = ${b.step},`,
          `  .left_at = ${leftAt}, .right_at = ${rightAt},`,
          '};',
          arithmetic.define(emitted),
          `nn_run_matrices_${arithmetic.ending}(&layer, &product, ${emitted.operand(left)}, ${emitted.operand(right)}, ${emitted.pointer(output)});`,
        ],
        state: [],
        headers: [`nn_product_${arithmetic.ending}.h`],
      };
    };
    return { scratchBytes: 0, emit };
  },
};

interface Vectors { readonly vectors: number; readonly length: number; readonly vectorStep: number; readonly step: number }

/** The last two axes as vectors along which products are added: columns of what is stored, or rows. */
function matrixOf({ shape }: Tensor, columns: boolean): Vectors {
  const [rows, width] = [shape.at(-2) ?? 0, shape.at(-1) ?? 0];
  return columns ? { vectors: width, length: rows, vectorStep: 1, step: width } : { vectors: rows, length: width, vectorStep: width, step: 1 };
}

/** Where each matrix of the output finds its operand's: one of size 1 is read again along that axis. */
function offsets(batch: readonly number[], shape: readonly number[]): number[] {
  const own = shape.slice(0, -2);
  let result = [0];
  let stride = (shape.at(-2) ?? 0) * (shape.at(-1) ?? 0);
  for (let axis = batch.length - 1; axis >= 0; axis -= 1) {
    const size = own[axis - (batch.length - own.length)] ?? 1;
    const inner = result;
    const step = size === 1 ? 0 : stride;
    result = Array.from({ length: batch[axis] ?? 0 }, (_, k) => inner.map((offset) => offset + k * step)).flat();
    stride *= size;
  }
  return result;
}
