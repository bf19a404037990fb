import { int32Text } from '../../constants.ts';
import type { EmitContext } from '../../context.ts';
import type { ProductLayer } from '../../layers/products.ts';

/** Output factors as nn_dsp_channels (firmware/kernels/nn_dsp_channel.h) has them. */
export interface Factors {
  /** The 24-bit mantissa of the scale of the weights, without its leading 1, and n of each channel; or one for all. */
  readonly packed: readonly { readonly mantissa: number; readonly n: number }[];
  /** Input scale / output scale. */
  readonly high: number;
  readonly low: number;
  /** m of the channels of constant code; their n is CONSTANT_SHIFT. */
  readonly constantMultiplier: number;
}

const MANTISSA_BITS = 23n;
/** For a channel of constant code any factor does. */
const CONSTANT_MANTISSA = 1n << MANTISSA_BITS;
export const CONSTANT_SHIFT = 2;
/** nn_dsp_unpack() reads no fewer. */
const LEAST_BYTES = 5;

/**
 * The factors of a layer, checked one by one; null where one can't be packed (its multiplier is not the quotient of scales, rounded once).
 * @param shifts n of each channel; null for one of constant code
 */
export function packFactors(layer: ProductLayer, shifts: readonly (number | null)[]): Factors | null {
  const [inputScale = 0] = layer.input.quantisation?.scale ?? [];
  const [outputScale = 0] = layer.output.quantisation?.scale ?? [];
  const weightScales = layer.filter.quantisation?.scale ?? [];
  const ratio = quotient(Math.fround(inputScale), Math.fround(outputScale));
  const one = layer.factors.length === 1;
  const packed: Factors['packed'][number][] = [];
  for (const [channel, shift] of (one ? shifts.slice(0, 1) : shifts).entries()) {
    const mantissa = shift === null ? CONSTANT_MANTISSA : mantissaOf(Math.fround(weightScales[channel] ?? 0));
    if (shift !== null && unpack(mantissa, ratio) !== layer.factors[channel]?.multiplier) return null;
    packed.push({ mantissa: Number(mantissa - (1n << MANTISSA_BITS)), n: shift ?? CONSTANT_SHIFT });
  }
  return { packed, high: Number(ratio >> 32n), low: Number(ratio & 0xffffffffn), constantMultiplier: unpack(CONSTANT_MANTISSA, ratio) };
}

/** m, as nn_dsp_unpack() computes it. */
function unpack(mantissa: bigint, ratio: bigint): number {
  const product = mantissa * (ratio >> 32n) + ((mantissa * (ratio & 0xffffffffn)) >> 32n);
  return Number(((product >> (23n + (product >> 55n))) + 1n) >> 1n);
}

/** How an nn_dsp_channels has its channels. */
export interface Packing {
  /** Bytes a channel. */
  readonly size: number;
  readonly bits: number;
  readonly least: number;
}

/** The packing with the fewest bytes that has room for the factors and these starts. */
export function packingOf({ packed }: Factors, start: readonly number[]): Packing {
  const least = Math.min(...packed.map(({ n }) => n));
  const bits = Math.ceil(Math.log2(Math.max(...packed.map(({ n }) => n)) - least + 1));
  const magnitude = Math.max(...start.map((value) => (value < 0 ? -value : value + 1)));
  const needed = Number(MANTISSA_BITS) + bits + Math.ceil(Math.log2(magnitude)) + 1;
  return { size: Math.max(LEAST_BYTES, Math.ceil(needed / 8)), bits, least };
}

/** Initialiser of an nn_dsp_channels with one channel for each start; adds the constants. */
export function channelsText(factors: Factors, start: readonly number[], layer: ProductLayer, { constants }: EmitContext): string {
  const { size, bits, least } = packingOf(factors, start);
  const { index } = layer.operator;
  const bytes = start.flatMap((value, channel) => {
    const { mantissa, n } = factors.packed[factors.packed.length === 1 ? 0 : channel] ?? { mantissa: 0, n: least };
    const all = BigInt(mantissa) | (BigInt(n - least) << MANTISSA_BITS) | (BigInt(value) << (MANTISSA_BITS + BigInt(bits)));
    return Array.from({ length: size }, (_, k) => String((all >> BigInt(8 * k)) & 0xffn));
  });
  const symbol = constants.add(`layer${index}_channels`, 'uint8_t', `factors and starts of the sums of layer ${index}, packed`, bytes);
  return `{.packed = ${symbol}, .high = ${wordText(factors.high)}, .low = ${wordText(factors.low)}, .size = ${size}, .n_bits = ${bits}, .n_least = ${least}}`;
}

export const wordText = (word: number): string => `0x${(word >>> 0).toString(16).toUpperCase().padStart(8, '0')}u`;
export const int32Items = (values: readonly number[]): string[] => values.map((value) => int32Text(value | 0));

/** The 24 bits of a positive float32, with the highest one set. */
function mantissaOf(value: number): bigint {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  const bits = BigInt(view.getUint32(0));
  return (bits & 0x7fffffn) | (1n << MANTISSA_BITS);
}

/** a / b by their mantissas, scaled to [2^63, 2^64), rounded down. */
function quotient(a: number, b: number): bigint {
  const [x, y] = [mantissaOf(a), mantissaOf(b)];
  return (x << (x >= y ? 63n : 64n)) / y;
}
