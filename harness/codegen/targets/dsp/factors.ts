import { int32Text } from '../../constants.ts';
import type { EmitContext } from '../../context.ts';
import type { ProductLayer } from '../../layers/products.ts';

/** Output factors in 4 bytes each, as nn_dsp_factors (firmware/kernels/nn_dsp_channel.h) reads them. */
export interface Factors {
  readonly packed: readonly number[];
  readonly high: number;
  readonly low: number;
  /** m of the channels of constant code; their n is CONSTANT_SHIFT. */
  readonly constantMultiplier: number;
}

const MANTISSA_BITS = 23n;
/** For a channel of constant code any factor does. */
const CONSTANT_MANTISSA = 1n << MANTISSA_BITS;
export const CONSTANT_SHIFT = 2;

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
  const packed: number[] = [];
  for (const [channel, shift] of (one ? shifts.slice(0, 1) : shifts).entries()) {
    const mantissa = shift === null ? CONSTANT_MANTISSA : mantissaOf(Math.fround(weightScales[channel] ?? 0));
    const { carry, multiplier } = unpack(mantissa, ratio);
    if (shift !== null && multiplier !== layer.factors[channel]?.multiplier) return null;
    packed.push(Number((carry << 28n) | (BigInt(shift ?? CONSTANT_SHIFT) << MANTISSA_BITS) | (mantissa - (1n << MANTISSA_BITS))));
  }
  return { packed, high: Number(ratio >> 32n), low: Number(ratio & 0xffffffffn), constantMultiplier: unpack(CONSTANT_MANTISSA, ratio).multiplier };
}

/** What nn_dsp_unpack() makes of a mantissa. */
function unpack(mantissa: bigint, ratio: bigint): { carry: bigint; multiplier: number } {
  const product = mantissa * (ratio >> 32n) + ((mantissa * (ratio & 0xffffffffn)) >> 32n);
  const carry = product >= 1n << 55n ? 1n : 0n;
  return { carry, multiplier: Number(((product >> (23n + carry)) + 1n) >> 1n) };
}

/** Initialiser of an nn_dsp_factors; adds the constants. */
export function factorsText(factors: Factors, layer: ProductLayer, context: EmitContext): string {
  const symbol = context.constants.add(`layer${layer.operator.index}_factors`, 'uint32_t', `output factors of layer ${layer.operator.index}, packed`, factors.packed.map(wordText));
  return `{${symbol}, ${factors.packed.length === 1 ? 0 : 1}, ${wordText(factors.high)}, ${wordText(factors.low)}}`;
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
