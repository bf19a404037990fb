import type { Operator, Tensor } from '../../../model/graph.ts';
import type { LayerEvidence } from '../../evidence.ts';
import { CONSTANT_BYTES, constantPlace, LSTM, PRODUCTS, type Place } from './place.ts';

/**
 * Weights that a code generator summed up as they should be, to fold the input's zero point into the bias, and that are wrong where
 * they are multiplied: as if the bias changed along, by the zero point times what the sum of a channel's weights changed.
 */
export function foldedPlaces(evidence: LayerEvidence): Place[] {
  const graph = evidence.model.subgraphs[0];
  const operator = graph?.operators[evidence.layer.covers[0] ?? -1];
  if (graph === undefined || operator === undefined || evidence.layer.covers.length !== 1) return [];
  const products = foldedProducts(operator, graph.tensors);
  const follow = (changed: ReadonlyMap<number, Uint8Array>): ReadonlyMap<number, Uint8Array> => {
    const all = new Map(changed);
    for (const { weights, bias, zeroPoint, isChannelLast } of products) {
      const data = changed.get(weights.index);
      if (data === undefined) continue;
      const [before, after] = [weights.data as Uint8Array, data].map((bytes) => channelSums(bytes, bias.elements, isChannelLast)) as [number[], number[]];
      const values = new Int32Array(Uint8Array.from(bias.data as Uint8Array).buffer).map((value, channel) => value + zeroPoint * ((after[channel] as number) - (before[channel] as number)));
      all.set(bias.index, new Uint8Array(values.buffer));
    }
    return all;
  };
  const tensors = products.map(({ weights }) => weights);
  const what = operator.name === LSTM ? 'input weights' : 'weights';
  return tensors.length === 0 ? [] : [constantPlace(evidence, `the ${what}, while the zero point in the bias has the sums of the right ones`, tensors, follow)];
}

interface FoldedProduct { readonly weights: Tensor; readonly bias: Tensor; readonly zeroPoint: number; readonly isChannelLast: boolean }

/** [input, weights, bias]: positions of the operands of each product. */
function foldedProducts(operator: Operator, tensors: readonly Tensor[]): FoldedProduct[] {
  const positions = operator.name === LSTM ? [[0, 1, 12], [0, 2, 13], [0, 3, 14], [0, 4, 15]] : operator.name === 'TRANSPOSE_CONV' ? [[2, 1, 3]] : PRODUCTS.has(operator.name) ? [[0, 1, 2]] : [];
  const found = positions.flatMap((operands): FoldedProduct[] => {
    const [input, weights, bias] = operands.map((position) => tensors[operator.inputs[position] ?? -1]);
    const zeroPoint = input?.quantisation?.zeroPoint[0] ?? 0;
    if (weights?.data == null || weights.dtype !== 'int8' || weights.data.length > CONSTANT_BYTES || bias?.data == null || bias.dtype !== 'int32' || zeroPoint === 0) return [];
    return [{ weights, bias, zeroPoint, isChannelLast: operator.name === 'DEPTHWISE_CONV_2D' }];
  });
  return found.length === positions.length ? found : [];
}

function channelSums(weights: Uint8Array, channels: number, isChannelLast: boolean): number[] {
  const sums = new Array<number>(channels).fill(0);
  const perChannel = weights.length / channels;
  weights.forEach((byte, i) => {
    const channel = isChannelLast ? i % channels : Math.floor(i / perChannel);
    sums[channel] = (sums[channel] as number) + ((byte << 24) >> 24);
  });
  return sums;
}
