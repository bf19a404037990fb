import type { Operator } from '../../model/graph.ts';
import type { PlanContext } from '../context.ts';
import { inputTensor, need, outputTensor } from '../operators/refusal.ts';
import { constantWeights, readProduct, type ProductLayer } from './products.ts';
import { readWindow, type WindowGeometry } from './window.ts';

/** CONV_2D, int8. */
export interface ConvolutionLayer extends ProductLayer, WindowGeometry {
  /** [outputChannels, kernelHeight, kernelWidth, inputChannels / groups] */
  readonly weights: Int8Array;
  readonly groups: number;
}

/** Throws Refusal where it is no int8 CONV_2D that can be computed exactly. */
export function readConvolution(operator: Operator, context: PlanContext): ConvolutionLayer {
  const input = inputTensor(context.graph, operator, 0);
  const filter = inputTensor(context.graph, operator, 1);
  const output = outputTensor(context.graph, operator);
  need(filter.shape.length === 4, 'weights must have four dimensions');
  const [channels = 0, kernelHeight = 0, kernelWidth = 0, depth = 0] = filter.shape;
  const geometry = readWindow(operator, input, output, kernelHeight, kernelWidth);
  need(geometry.outputChannels === channels, 'output and weights differ in channels');
  need(depth > 0 && geometry.inputChannels % depth === 0, 'the input channels are no multiple of the depth of the weights');
  const groups = geometry.inputChannels / depth;
  need(channels % groups === 0, 'the output channels are no multiple of the groups');
  const product = readProduct(operator, context, { input, filter, output }, 0, channels);
  return { ...product, ...geometry, groups, weights: constantWeights(filter), macs: output.elements * kernelHeight * kernelWidth * depth };
}
