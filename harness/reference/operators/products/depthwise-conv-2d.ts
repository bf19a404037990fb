import type { OperatorContext, OperatorReference } from '../../context.ts';
import { fastWindow } from './fast.ts';
import { readProduct } from './operands.ts';
import { eachTap, readWindow } from './window.ts';

/**
 * Weights [1, height, width, channels]; output channel c reads input channel floor(c / depth multiplier).
 * (TFLM micro/kernels/depthwise_conv_common.cc, depthwise_conv.cc; kernels/internal/reference/depthwiseconv_float.h, integer_ops/depthwise_conv.h)
 */
export const depthwiseConv2d: OperatorReference = {
  name: 'DEPTHWISE_CONV_2D',
  supports: 'int8, also with int4 weights; int16 with int8 weights and int64 bias; float32; one weight scale or one a channel, depth multiplier, strides, dilation, activation NONE, RELU, RELU6 or RELU_N1_TO_1',
  prepare(context: OperatorContext) {
    const { shape } = context.input(1, 'weights').tensor;
    context.require(shape.length === 4 && shape[0] === 1, `weights [${shape.join()}] are not [1, height, width, channels]`);
    const [, kernelHeight, kernelWidth, channels] = shape as [number, number, number, number];
    const window = readWindow(context, context.input(0, 'input').tensor.shape, context.output().tensor.shape, kernelHeight, kernelWidth);
    const { batches, inputHeight, inputWidth, inputDepth, outputHeight, outputWidth, outputDepth } = window;
    const multiplier = Number(context.operator.options.depth_multiplier);
    context.require(outputDepth === channels, `output has ${outputDepth} channels, the weights ${channels}`);
    context.require(inputDepth * multiplier === channels, `${inputDepth} input channels with depth multiplier ${multiplier} are not ${channels}`);
    const product = readProduct(context, { input: 0, weights: 1, bias: 2, channels, channelAxis: 3, weightsZeroPoint: false, wideBias: ['int64'], int4: 'a scale a channel' });
    const { sum, input, inputZeroPoint, weights, finish, output } = product;

    // With a multiplier it is a convolution of groups of one channel.
    const isDepthwise = multiplier === 1;
    const groups = isDepthwise ? 1 : inputDepth;
    const weightAt = (channel: number, row: number, column: number): number => (row * kernelWidth + column) * channels + channel;
    return fastWindow(context, product, window, { isDepthwise, groups, depth: 1, weightAt }) ?? (() => {
      let at = 0;
      for (let batch = 0; batch < batches; batch++) {
        for (let row = 0; row < outputHeight; row++) {
          for (let column = 0; column < outputWidth; column++) {
            for (let channel = 0; channel < channels; channel++) {
              const inputChannel = Math.floor(channel / multiplier);
              let total = 0;
              eachTap(window, row, column, (kernelRow, kernelColumn, inputRow, inputColumn) => {
                const inputAt = ((batch * inputHeight + inputRow) * inputWidth + inputColumn) * inputDepth + inputChannel;
                total = sum(total, input, inputAt, inputZeroPoint, weights, weightAt(channel, kernelRow, kernelColumn), 0, 1);
              });
              output[at++] = finish(total, channel);
            }
          }
        }
      }
    });
  },
};
