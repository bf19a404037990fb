import type { Operator } from '../../model/graph.ts';
import type { PlanContext } from '../context.ts';
import { inputTensor, need, outputTensor } from '../operators/refusal.ts';
import { constantWeights, readProduct, type ProductLayer } from './products.ts';
import { readWindow, type WindowGeometry } from './window.ts';

/** DEPTHWISE_CONV_2D, int8: output channel c * multiplier + m reads input channel c. */
export interface DepthwiseLayer extends ProductLayer, WindowGeometry {
  /** [kernelHeight, kernelWidth, outputChannels] */
  readonly weights: Int8Array;
  /** Output channels an input channel. */
  readonly depthMultiplier: number;
}

/** Throws Refusal where it is no int8 DEPTHWISE_CONV_2D that can be computed exactly. */
export function readDepthwise(operator: Operator, context: PlanContext): DepthwiseLayer {
  const input = inputTensor(context.graph, operator, 0);
  const filter = inputTensor(context.graph, operator, 1);
  const output = outputTensor(context.graph, operator);
  need(filter.shape.length === 4 && filter.shape[0] === 1, 'weights must be [1, height, width, channels]');
  const [, kernelHeight = 0, kernelWidth = 0, channels = 0] = filter.shape;
  const geometry = readWindow(operator, input, output, kernelHeight, kernelWidth);
  const depthMultiplier = Number(operator.options['depth_multiplier'] ?? 1);
  need(geometry.outputChannels === channels, 'output and weights differ in channels');
  need(geometry.inputChannels * depthMultiplier === channels, 'the channels do not fit the depth multiplier');
  const product = readProduct(operator, context, { input, filter, output }, 3, channels);
  return { ...product, ...geometry, depthMultiplier, weights: constantWeights(filter), macs: output.elements * kernelHeight * kernelWidth };
}
