import type { Operator } from '../../model/graph.ts';
import type { PlanContext } from '../context.ts';
import { inputTensor, need, outputTensor } from '../operators/refusal.ts';
import { constantWeights, readProduct, type ProductLayer } from './products.ts';

/** FULLY_CONNECTED, int8: [batches, inputs] -> [batches, outputs]. */
export interface FullyConnectedLayer extends ProductLayer {
  readonly batches: number;
  readonly inputs: number;
  readonly outputs: number;
  /** [outputs, inputs] */
  readonly weights: Int8Array;
}

/** Throws Refusal where it is no int8 FULLY_CONNECTED with constant weights that can be computed exactly. */
export function readFullyConnected(operator: Operator, context: PlanContext): FullyConnectedLayer {
  const input = inputTensor(context.graph, operator, 0);
  const filter = inputTensor(context.graph, operator, 1);
  const output = outputTensor(context.graph, operator);
  need(filter.shape.length === 2, 'weights must have two dimensions');
  need((operator.options['weights_format'] ?? 0) === 0, 'shuffled weights are not supported');
  const [outputs = 0, inputs = 0] = filter.shape;
  need(outputs > 0 && inputs > 0, 'weights are empty');
  need(input.elements % inputs === 0, 'the input is no multiple of a row of weights');
  const batches = input.elements / inputs;
  need(output.elements === batches * outputs, 'the output does not fit the input and the weights');
  // (fully_connected_common.cc; convolutions have kernels for it)
  need(filter.dtype !== 'int4' || (filter.quantisation?.scale.length ?? 0) <= 1, 'int4 weights with a scale a channel, which TFLM refuses');
  const product = readProduct(operator, context, { input, filter, output }, 0, outputs);
  return { ...product, batches, inputs, outputs, weights: constantWeights(filter), macs: batches * inputs * outputs };
}
