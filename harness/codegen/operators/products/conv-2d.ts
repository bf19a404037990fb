import type { Operator } from '../../../model/graph.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { readConvolution } from '../../layers/convolution.ts';
import { readWindow } from '../../layers/window.ts';
import { chooseKernel } from '../../targets/kernel-set.ts';
import { inputTensor, need, optionalInput, outputTensor } from '../refusal.ts';
import { readArithmetic } from './arithmetic.ts';
import { planSliding } from './sliding.ts';

/**
 * CONV_2D, grouped or not. int8 with constant operands has kernels of its own for most cores.
 * (TFLM micro/kernels/conv.cc; kernels/internal/reference/conv.h, integer_ops/conv.h)
 */
export const conv2d: OperatorGenerator = {
  op: 'CONV_2D',
  supports: 'int8, also with int4 weights; int16 with int8 weights, int64 or int32 bias; float32; any stride, dilation, groups; one weight scale or one a channel',
  types: ['int8', 'int16', 'float32'],
  plan: (operator, context) => {
    const constant = [1, 2].every((slot) => optionalInput(context.graph, operator, slot)?.data !== null);
    if (inputTensor(context.graph, operator, 0).dtype !== 'int8' || !constant) return planAny(operator, context);
    return chooseKernel(context.target, 'convolution', readConvolution(operator, context));
  },
};

function planAny(operator: Operator, context: PlanContext): LayerPlan {
  const { graph } = context;
  const [input, weights, output] = [inputTensor(graph, operator, 0), inputTensor(graph, operator, 1), outputTensor(graph, operator)];
  need(weights.shape.length === 4, 'weights must have four dimensions');
  const [channels = 0, kernelHeight = 0, kernelWidth = 0, depth = 0] = weights.shape;
  const window = readWindow(operator, input, output, kernelHeight, kernelWidth);
  need(window.outputChannels === channels, 'output and weights differ in channels');
  need(depth > 0 && window.inputChannels % depth === 0, 'the input channels are no multiple of the depth of the weights');
  const groups = window.inputChannels / depth;
  need(channels % groups === 0, 'the output channels are no multiple of the groups');
  const operands = { operator, input, weights, bias: optionalInput(graph, operator, 2), output, channels, channelAxis: 0, weightsZeroPoint: false };
  return planSliding(operands, readArithmetic(operands, context), window, { groups, channelStep: kernelHeight * kernelWidth * depth, tapStep: depth });
}
