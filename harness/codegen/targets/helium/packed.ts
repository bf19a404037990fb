import type { EmitContext } from '../../context.ts';
import type { ProductLayer } from '../../layers/products.ts';
import { int32Items } from '../../quantised.ts';
import { sumOf } from '../dsp/channels.ts';
import { packFactors, packingOf, wordText, type Factors, type Packing } from '../dsp/factors.ts';
import type { Channel, Form } from './channels.ts';

/** Share of a layer's weights and biases by which its constants may exceed them: above it, channels are packed, which takes time. */
const ALLOWANCE = 0.05;
const MANTISSA_BITS = 23;
const WORD_BITS = 32;

/** An nn_mve_channels (firmware/kernels/nn_mve_channels.h). */
export interface Packed {
  readonly words: readonly number[];
  /** Bits of the starts that are not in the words, as `restBytes` bytes each. */
  readonly rests: readonly number[];
  readonly restBytes: 1 | 2;
  readonly factors: Factors;
  readonly packing: Packing;
  /** The kernel has to fold the input zero point into the starts. */
  readonly unfolded: boolean;
}

/** Whether the layer's channels are worth packing. @param bytes that its constants have otherwise */
export const exceeds = ({ filter, bias }: ProductLayer, bytes: number): boolean =>
  bytes > (1 + ALLOWANCE) * ((filter.data?.byteLength ?? 0) + (bias?.data?.byteLength ?? 0));

/**
 * Channels in 5 or 6 bytes each; null where that does not have room for them, or a factor is no quotient of scales.
 * @param places number of the channel in each place, null for none
 */
export function packChannels(layer: ProductLayer, channels: readonly Channel[], places: readonly (number | null)[], form: Form): Packed | null {
  if (form === 'any') return null;
  const factors = packFactors(layer, channels.map(({ constant, factor }) => (constant === null ? -factor.shift : null)));
  if (factors === null || factors.packed.some(({ n }) => n < 1)) return null;
  const startsOf = (live: (channel: Channel, index: number) => number): (number | null)[] =>
    channels.map((channel, index) => (channel.constant === null ? live(channel, index) : sumOf(channel.constant - layer.outputZeroPoint, factors.constantMultiplier)));
  const folded = startsOf(({ bias }) => bias);
  const biases = startsOf((_, index) => layer.biases?.[index] ?? 0);
  if (!isWhole(folded) || !isWhole(biases)) return null;
  const unfolded = packingOf(factors, biases).size < packingOf(factors, folded).size;
  const starts = unfolded ? biases : folded;
  const packing = packingOf(factors, starts);
  if (packing.size > 6) return null;
  const lowest = WORD_BITS - MANTISSA_BITS - packing.bits; // bits of the start that are in the word
  const words = places.map((place) => {
    const { mantissa, n } = factors.packed[factors.packed.length === 1 ? 0 : (place ?? 0)] ?? { mantissa: 0, n: packing.least };
    const start = place === null ? 0 : (starts[place] ?? 0);
    return (mantissa | ((n - packing.least) << MANTISSA_BITS) | (start << (WORD_BITS - lowest))) >>> 0;
  });
  const rests = places.map((place) => (place === null ? 0 : (starts[place] ?? 0) >> lowest));
  return { words, rests, restBytes: packing.size === 5 ? 1 : 2, factors, packing, unfolded };
}

const isWhole = (values: readonly (number | null)[]): values is readonly number[] => !values.includes(null);

/** Statements that define `channels`, an nn_mve_channels; adds the constants. */
export function packedLines({ words, rests, restBytes, factors, packing, unfolded }: Packed, layer: ProductLayer, context: EmitContext): string[] {
  const { constants } = context;
  const { operator: { index } } = layer;
  const w = constants.add(`layer${index}_channels`, 'uint32_t', `factors of layer ${index}, packed, and the lowest bits of the starts of its sums`, words.map(wordText));
  const r = constants.add(`layer${index}_starts`, restBytes === 1 ? 'int8_t' : 'int16_t', `other bits of the starts of the sums of layer ${index}`, int32Items(rests));
  return [
    'static const nn_mve_channels channels = {',
    `  .words = ${w}, .bytes = ${restBytes === 1 ? r : '0'}, .halves = ${restBytes === 1 ? '0' : r},`,
    `  .high = ${wordText(factors.high)}, .low = ${wordText(factors.low)}, .n_bits = ${packing.bits}, .n_least = ${packing.least},`,
    `  .zero_point = ${unfolded ? layer.inputZeroPoint : 0},`,
    '};',
  ];
}

/** C expression for the memory for unpacked channels. */
export const factorsText = ({ operator }: ProductLayer, context: EmitContext): string => `((int32_t *)(void *)${context.scratch(operator)})`;

/** Of the layer's struct. The arena of a graph that operators call is a parameter, so that no constant can point to it. */
export const storage = (packed: Packed | null, { name, network }: EmitContext): string => (packed === null || name === network.name ? 'static const' : 'const');
