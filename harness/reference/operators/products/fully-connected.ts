import type { OperatorContext, OperatorReference } from '../../context.ts';
import { fastWindow } from './fast.ts';
import { readProduct } from './operands.ts';
import type { Window } from './window.ts';

/**
 * y = clamp(requantise(sum (w - zw)(x - zx) + b) + zy); the weights may be computed.
 * (TFLM micro/kernels/fully_connected_common.cc, fully_connected.cc; kernels/internal/reference/fully_connected.h, integer_ops/fully_connected.h)
 */
export const fullyConnected: OperatorReference = {
  name: 'FULLY_CONNECTED',
  supports: 'int8, also with int4 weights; int16 with int8 weights and int64 or int32 bias; float32; one weight scale or one a channel, activation NONE, RELU, RELU6 or RELU_N1_TO_1',
  prepare(context: OperatorContext) {
    const { options } = context.operator;
    context.require(options.weights_format === 0, 'shuffled weights');
    const { shape } = context.input(1, 'weights').tensor;
    context.require(shape.length === 2, `weights have shape [${shape.join(', ')}]`);
    const [rows, depth] = shape as [number, number];
    const from = context.input(0, 'input').tensor;
    const to = context.output().tensor;
    context.require(to.shape.at(-1) === rows, `output [${to.shape.join(', ')}] does not end in ${rows} channels`);
    context.require(depth > 0 && from.elements % depth === 0, `input of ${from.elements} elements, rows of ${depth} weights`);
    const batches = from.elements / depth;
    context.require(to.elements === batches * rows, `output has ${to.elements} elements, not ${batches} x ${rows}`);
    const product = readProduct(context, { input: 0, weights: 1, bias: 2, channels: rows, channelAxis: 0, weightsZeroPoint: true, wideBias: ['int64', 'int32'], int4: 'one scale' });
    const { sum, input, inputZeroPoint, weights, weightsZeroPoint, finish, output } = product;

    return fastWindow(context, product, denseWindow(batches, depth, rows), { isDepthwise: false, groups: 1, depth, weightAt: (row, _row, _column, k) => row * depth + k }) ?? (() => {
      for (let batch = 0; batch < batches; batch++) {
        for (let row = 0; row < rows; row++) {
          const total = sum(0, input, batch * depth, inputZeroPoint, weights, row * depth, weightsZeroPoint, depth);
          output[batch * rows + row] = finish(total, row);
        }
      }
    });
  },
};

/** Rows of an input are the columns of an image of one row, under a kernel of one position. */
function denseWindow(batches: number, depth: number, rows: number): Window {
  return {
    batches: 1, inputHeight: 1, inputWidth: batches, inputDepth: depth, outputHeight: 1, outputWidth: batches, outputDepth: rows, kernelHeight: 1, kernelWidth: 1,
    strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padTop: 0, padLeft: 0,
  };
}
