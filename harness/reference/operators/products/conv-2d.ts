import type { OperatorContext, OperatorReference } from '../../context.ts';
import { fastWindow } from './fast.ts';
import { readProduct } from './operands.ts';
import { eachTap, readWindow } from './window.ts';

/**
 * Weights [channels, height, width, depth of a group]; output channel c reads the input channels of group floor(c / channels of a group).
 * (TFLM micro/kernels/conv_common.cc, conv.cc; kernels/internal/reference/conv.h, integer_ops/conv.h)
 */
export const conv2d: OperatorReference = {
  name: 'CONV_2D',
  supports: 'int8, also with int4 weights; int16 with int8 weights and int64 or int32 bias; float32; one weight scale or one a channel, groups, strides, dilation, activation NONE, RELU, RELU6 or RELU_N1_TO_1',
  prepare(context: OperatorContext) {
    const { shape } = context.input(1, 'weights').tensor;
    context.require(shape.length === 4, `weights [${shape.join()}] have not four axes`);
    const [channels, kernelHeight, kernelWidth, depth] = shape as [number, number, number, number];
    const window = readWindow(context, context.input(0, 'input').tensor.shape, context.output().tensor.shape, kernelHeight, kernelWidth);
    const { batches, inputHeight, inputWidth, inputDepth, outputHeight, outputWidth, outputDepth } = window;
    context.require(outputDepth === channels, `output has ${outputDepth} channels, the weights ${channels}`);
    context.require(depth > 0 && inputDepth % depth === 0, `${inputDepth} input channels, groups of ${depth}`);
    const groups = inputDepth / depth;
    context.require(channels % groups === 0, `${channels} output channels in ${groups} groups`);
    const product = readProduct(context, { input: 0, weights: 1, bias: 2, channels, channelAxis: 0, weightsZeroPoint: false, wideBias: ['int64', 'int32'], int4: 'a scale a channel' });
    const { sum, input, inputZeroPoint, weights, finish, output } = product;
    const channelsOfGroup = channels / groups;
    const weightAt = (channel: number, row: number, column: number, k: number): number => ((channel * kernelHeight + row) * kernelWidth + column) * depth + k;

    return fastWindow(context, product, window, { isDepthwise: false, groups, depth, weightAt }) ?? (() => {
      let at = 0;
      for (let batch = 0; batch < batches; batch++) {
        for (let row = 0; row < outputHeight; row++) {
          for (let column = 0; column < outputWidth; column++) {
            for (let channel = 0; channel < channels; channel++) {
              const group = Math.floor(channel / channelsOfGroup) * depth;
              let total = 0;
              eachTap(window, row, column, (kernelRow, kernelColumn, inputRow, inputColumn) => {
                const inputAt = ((batch * inputHeight + inputRow) * inputWidth + inputColumn) * inputDepth + group;
                total = sum(total, input, inputAt, inputZeroPoint, weights, weightAt(channel, kernelRow, kernelColumn, 0), 0, depth);
              });
              output[at++] = finish(total, channel);
            }
          }
        }
      }
    });
  },
};
