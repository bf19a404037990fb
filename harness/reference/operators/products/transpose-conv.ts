import { windowAxis } from '../../../numerics/index.ts';
import type { OperatorContext, OperatorReference } from '../../context.ts';
import { readProduct } from './operands.ts';

/**
 * The gradient of a convolution: every input element adds its products to the window of the output around stride * position.
 * Inputs: output shape, weights [channels, height, width, input depth], input, bias. Sums grow in the order of the input's elements,
 * which matters to float32 alone.
 * (TFLM micro/kernels/transpose_conv.cc; kernels/internal/reference/transpose_conv.h, integer_ops/transpose_conv.h)
 */
export const transposeConv: OperatorReference = {
  name: 'TRANSPOSE_CONV',
  supports: 'int8; int16 with int8 weights and int64 or int16 bias; float32; one weight scale or one a channel, activation NONE, RELU, RELU6 or RELU_N1_TO_1',
  prepare(context: OperatorContext) {
    const weightsShape = context.input(1, 'weights').tensor.shape;
    const from = context.input(2, 'input').tensor.shape;
    const to = context.output().tensor.shape;
    const stated = context.input(0, 'output shape');
    context.require(stated.tensor.data === null || context.constantInts(0, 'output shape').join() === to.join(), `output [${to.join()}] is not the stated shape`);
    context.require([weightsShape, from, to].every((shape) => shape.length === 4 && Math.min(...shape) > 0), 'weights, input and output have not four axes each');
    const [channels, kernelHeight, kernelWidth, depth] = weightsShape as [number, number, number, number];
    const [batches, inputHeight, inputWidth] = from as [number, number, number];
    const [, outputHeight, outputWidth] = to as [number, number, number];
    context.require(from[3] === depth && to[3] === channels && to[0] === batches, `weights [${weightsShape.join()}] between [${from.join()}] and [${to.join()}]`);
    const { padding, stride_h: strideHeight, stride_w: strideWidth } = context.operator.options as { padding: number; stride_h: number; stride_w: number };
    context.require(strideHeight > 0 && strideWidth > 0, 'a stride is not positive');
    const rows = windowAxis(padding, outputHeight, kernelHeight, strideHeight);
    const columns = windowAxis(padding, outputWidth, kernelWidth, strideWidth);
    context.require(rows.outputSize === inputHeight && columns.outputSize === inputWidth, `input [${from.join()}], not [${batches}, ${rows.outputSize}, ${columns.outputSize}, ...]`);
    const product = readProduct(context, { input: 2, weights: 1, bias: 3, channels, channelAxis: 0, weightsZeroPoint: false, wideBias: ['int64', 'int16'], int4: 'none' });
    const { sum, input, inputZeroPoint, weights, finish, output } = product;
    const totals = new Float64Array(output.length);

    /** Adds the products of one input element, the position of its depth 0 being `at`, to the outputs that it reaches. */
    const scatter = (batch: number, row: number, column: number, channelIn: number, at: number): void => {
      for (let kernelRow = 0; kernelRow < kernelHeight; kernelRow++) {
        const outputRow = row * strideHeight - rows.padBefore + kernelRow;
        if (outputRow < 0 || outputRow >= outputHeight) continue;
        for (let kernelColumn = 0; kernelColumn < kernelWidth; kernelColumn++) {
          const outputColumn = column * strideWidth - columns.padBefore + kernelColumn;
          if (outputColumn < 0 || outputColumn >= outputWidth) continue;
          const outputAt = ((batch * outputHeight + outputRow) * outputWidth + outputColumn) * channels;
          for (let channel = 0; channel < channels; channel++) {
            const weightsAt = ((channel * kernelHeight + kernelRow) * kernelWidth + kernelColumn) * depth + channelIn;
            totals[outputAt + channel] = sum(totals[outputAt + channel] as number, input, at + channelIn, inputZeroPoint, weights, weightsAt, 0, 1);
          }
        }
      }
    };

    return () => {
      totals.fill(0);
      let at = 0;
      for (let batch = 0; batch < batches; batch++) {
        for (let row = 0; row < inputHeight; row++) {
          for (let column = 0; column < inputWidth; column++) {
            for (let channelIn = 0; channelIn < depth; channelIn++) scatter(batch, row, column, channelIn, at);
            at += depth;
          }
        }
      }
      for (let i = 0; i < totals.length; i++) output[i] = finish(totals[i] as number, i % channels);
    };
  },
};
