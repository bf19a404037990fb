import type { Operator } from '../../../model/graph.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { readDepthwise } from '../../layers/depthwise.ts';
import { readWindow } from '../../layers/window.ts';
import { chooseKernel } from '../../targets/kernel-set.ts';
import { inputTensor, need, optionalInput, outputTensor } from '../refusal.ts';
import { readArithmetic } from './arithmetic.ts';
import { planSliding } from './sliding.ts';

/**
 * DEPTHWISE_CONV_2D. int8 with constant operands has kernels of its own for most cores.
 * (TFLM micro/kernels/depthwise_conv.cc; kernels/internal/reference/depthwiseconv_float.h, integer_ops/depthwise_conv.h)
 */
export const depthwiseConv2d: OperatorGenerator = {
  op: 'DEPTHWISE_CONV_2D',
  supports: 'int8, also with int4 weights; int16 with int8 weights, int64 bias; float32; any stride, dilation, depth multiplier; one weight scale or one a channel',
  types: ['int8', 'int16', 'float32'],
  plan: (operator, context) => {
    const constant = [1, 2].every((slot) => optionalInput(context.graph, operator, slot)?.data !== null);
    if (inputTensor(context.graph, operator, 0).dtype !== 'int8' || !constant) return planAny(operator, context);
    return chooseKernel(context.target, 'depthwise', readDepthwise(operator, context));
  },
};

function planAny(operator: Operator, context: PlanContext): LayerPlan {
  const { graph } = context;
  const [input, weights, output] = [inputTensor(graph, operator, 0), inputTensor(graph, operator, 1), outputTensor(graph, operator)];
  need(weights.shape.length === 4 && weights.shape[0] === 1, 'weights must be [1, height, width, channels]');
  const [, kernelHeight = 0, kernelWidth = 0, channels = 0] = weights.shape;
  const window = readWindow(operator, input, output, kernelHeight, kernelWidth);
  need(window.outputChannels === channels, 'output and weights differ in channels');
  need(window.inputChannels * Number(operator.options['depth_multiplier'] ?? 1) === channels, 'the channels do not fit the depth multiplier');
  const operands = { operator, input, weights, bias: optionalInput(graph, operator, 2), output, channels, channelAxis: 3, weightsZeroPoint: false };
  return planSliding(operands, readArithmetic(operands, context), window, { groups: window.inputChannels, channelStep: 1, tapStep: channels });
}
