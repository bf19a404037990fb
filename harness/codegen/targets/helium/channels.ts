import { constantCode, rangeOf } from '../../layers/constant-output.ts';
import type { Factor, ProductLayer } from '../../layers/products.ts';
import { foldBias } from '../../quantised.ts';

/** One output channel, ready for the kernels. */
export interface Channel {
  /** With the input zero point folded in. */
  readonly bias: number;
  readonly factor: Factor;
  /** Its weights, in the order of the layer's rows. */
  readonly weights: Int8Array;
  /** The code that it has whatever the input is, null where it depends on the input. */
  readonly constant: number | null;
}

/** A factor of 1/4 without rounding for multiples of 4: what channels of one value are given. */
const QUARTER: Factor = { multiplier: 2 ** 30, shift: -1 };

/**
 * The output channels of a layer. Those whose output no input can change (pruned ones: weights of 0, or too small to matter beside
 * the bias) get weights of 0 and the bias of that value; their own biases may be large.
 *
 * @param weights [count][bytes]
 * @throws Refusal where a sum can leave int32
 */
export function channelsOf(layer: ProductLayer, weights: Int8Array, count: number, bytes: number): Channel[] {
  const biases = foldBias(weights, count, bytes, layer.biases, layer.inputZeroPoint);
  return biases.map((bias, row) => {
    const channel = { bias, factor: factorOf(layer, row), weights: weights.subarray(row * bytes, (row + 1) * bytes) };
    const constant = constantOf(layer, channel);
    return constant === null ? { ...channel, constant } : { bias: 4 * (constant - layer.outputZeroPoint), factor: QUARTER, weights: new Int8Array(bytes), constant };
  });
}

const factorOf = (layer: ProductLayer, channel: number): Factor => layer.factors[layer.factors.length === 1 ? 0 : channel] ?? { multiplier: 0, shift: 0 };

/** With one factor for all there is no other for a channel of one value. */
const constantOf = (layer: ProductLayer, { bias, factor, weights }: Omit<Channel, 'constant'>): number | null =>
  layer.factors.length === 1 ? null : constantCode(layer, factor, rangeOf(weights, bias));

/** Which form of requantisation is exact for the layer; see firmware/kernels/nn_mve_requantise.h. */
export type Form = 'relu' | 'signed' | 'any';

/** @param packed whether the kernel wants bias and shift in one word */
export function formOf(layer: ProductLayer, channels: readonly Channel[], packed = true): Form {
  if (packed && channels.some(({ bias }) => bias < -(2 ** 23) || bias >= 2 ** 23)) return 'any';
  const most = Math.max(...channels.map(({ factor }) => factor.shift));
  if (most <= 0 && layer.low >= layer.outputZeroPoint) return 'relu';
  return most < 0 ? 'signed' : 'any';
}

/** What the kernels read of the biases and shifts of some channels. */
export function biasesAndShifts(channels: readonly Channel[], form: Form): number[] {
  if (form === 'any') return [...channels.map(({ bias }) => bias), ...channels.map(({ factor }) => factor.shift)];
  return channels.map(({ bias, factor }) => bias * 256 + (factor.shift & 255));
}
