import type { Operator } from '../../../model/graph.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { readFullyConnected } from '../../layers/fully-connected.ts';
import { chooseKernel } from '../../targets/kernel-set.ts';
import { inputTensor, need, optionalInput, outputTensor } from '../refusal.ts';
import { readArithmetic } from './arithmetic.ts';
import { planSliding } from './sliding.ts';

/**
 * FULLY_CONNECTED. int8 with constant operands has kernels of its own for most cores.
 * (TFLM micro/kernels/fully_connected.cc; kernels/internal/reference/fully_connected.h, integer_ops/fully_connected.h)
 */
export const fullyConnected: OperatorGenerator = {
  op: 'FULLY_CONNECTED',
  supports: 'int8, also with int4 weights; int16 with int8 weights, int64 or int32 bias; float32; weights constant or computed, one scale or one a channel',
  types: ['int8', 'int16', 'float32'],
  plan: (operator, context) => {
    const constant = [1, 2].every((slot) => optionalInput(context.graph, operator, slot)?.data !== null);
    const zeroPoints = inputTensor(context.graph, operator, 1).quantisation?.zeroPoint ?? [];
    const plain = constant && zeroPoints.every((z) => z === 0) && inputTensor(context.graph, operator, 0).dtype === 'int8';
    return plain ? chooseKernel(context.target, 'fullyConnected', readFullyConnected(operator, context)) : planAny(operator, context);
  },
};

function planAny(operator: Operator, context: PlanContext): LayerPlan {
  const { graph } = context;
  const [input, weights, output] = [inputTensor(graph, operator, 0), inputTensor(graph, operator, 1), outputTensor(graph, operator)];
  need(weights.shape.length === 2, 'weights must have two dimensions');
  need((operator.options['weights_format'] ?? 0) === 0, 'shuffled weights are not supported');
  const [channels = 0, depth = 0] = weights.shape;
  need(channels > 0 && depth > 0 && input.elements % depth === 0, 'the input is no multiple of a row of weights');
  const batches = input.elements / depth;
  need(output.elements === batches * channels, 'the output does not fit the input and the weights');
  const operands = { operator, input, weights, bias: optionalInput(graph, operator, 2), output, channels, channelAxis: 0, weightsZeroPoint: true };
  // Rows are the columns of an image of one row, under a window of one position.
  const window = {
    batches: 1, inputHeight: 1, inputWidth: batches, inputChannels: depth, outputHeight: 1, outputWidth: batches, outputChannels: channels,
    kernelHeight: 1, kernelWidth: 1, strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padTop: 0, padLeft: 0,
  };
  return planSliding(operands, readArithmetic(operands, context), window, { groups: 1, channelStep: depth, tapStep: depth });
}
