import type { EmitContext } from '../../context.ts';
import type { ProductLayer } from '../../layers/products.ts';
import { requantiseDouble } from '../../../numerics/index.ts';
import { foldBias, int32Items, int8Items } from '../../quantised.ts';

/** Weights and output channels as the kernels with nn_channel (firmware/kernels/nn_channel.h) take them. */
export interface Channels {
  /** [channels][taps] */
  readonly rows: Int8Array;
  /** nn_channel after nn_channel: multiplier, then 32 * bias + right shift - 1. */
  readonly words: readonly number[];
  /** Initialiser of an nn_codes. */
  readonly codes: string;
}

const SUM_LIMIT = 2 ** 29;
const BIAS_LIMIT = 2 ** 26;
/** Times 1/4, without rounding for a multiple of 4. */
const QUARTER = { multiplier: 2 ** 30, shift: -1 };

/**
 * The layer's channels packed, or null where one of them does not fit: a factor of 1/2 and more, a bias of 27 bits or a sum
 * of 30. Channels that give the same code for every input (a trained network has many whose weights are all zero and
 * whose scale is then absurd) get other numbers for the same code, and so always fit. Throws Refusal as foldBias().
 * @param rows weights [channels][taps]
 */
export function packChannels(layer: ProductLayer, rows: Int8Array, channels: number): Channels | null {
  const taps = rows.length / channels;
  const folded = foldBias(rows, channels, taps, layer.biases, layer.inputZeroPoint);
  const settled = rows.slice();
  const words: number[] = [];
  for (let channel = 0; channel < channels; channel += 1) {
    const factor = layer.factors[layer.factors.length === 1 ? 0 : channel] ?? QUARTER;
    const row = settled.subarray(channel * taps, (channel + 1) * taps);
    const bias = folded[channel] ?? 0;
    const { least, greatest } = reach(row, bias);
    const code = (sum: number): number => Math.min(Math.max(requantiseDouble(sum, factor.multiplier, factor.shift) + layer.outputZeroPoint, layer.low), layer.high);
    const constant = factor.shift <= 0 && code(least) === code(greatest); // codes rise with sums
    if (constant) row.fill(0);
    const start = constant ? 4 * (code(least) - layer.outputZeroPoint) : bias;
    const { multiplier, shift } = constant ? QUARTER : factor;
    const fits = multiplier >= 2 ** 30 && shift <= -1 && shift >= -31 && Math.abs(start) < BIAS_LIMIT &&
      (constant || (greatest < SUM_LIMIT && least > -SUM_LIMIT));
    if (!fits) return null;
    words.push(multiplier, 32 * start - shift - 1);
  }
  return { rows: settled, words, codes: `{${2 * layer.outputZeroPoint + 1}, ${layer.low}, ${layer.high}}` };
}

/** The least and the greatest sum that int8 inputs can give. */
function reach(row: Int8Array, bias: number): { least: number; greatest: number } {
  let least = bias;
  let greatest = bias;
  for (const w of row) {
    least += Math.min(w * 127, w * -128);
    greatest += Math.max(w * 127, w * -128);
  }
  return { least, greatest };
}

/**
 * Whether every two neighbouring weights (0 and 1, 2 and 3, ... of a row) keep the two sums of a chunk apart for all int8 inputs;
 * see firmware/kernels/nn_pairs.h. Only a pair of -128 does not.
 */
export function chunksFit(rows: Int8Array, taps: number): boolean {
  for (let row = 0; row < rows.length; row += taps) {
    for (let k = 0; k < taps; k += 2) {
      const { least, greatest } = reach(rows.subarray(row + k, row + Math.min(k + 2, taps)), 0);
      if (least < -32768 || greatest > 32767) return false;
    }
  }
  return true;
}

/** Adds the rows of weights, with `beyond` bytes after the last that may be read; returns the symbol. */
export function addRows(layer: ProductLayer, { rows }: Channels, beyond: number, { constants }: EmitContext): string {
  const { operator, filter } = layer;
  const items = int8Items(rows);
  const same = beyond === 0 && filter.data !== null && Buffer.from(filter.data).equals(Buffer.from(rows.buffer, rows.byteOffset, rows.length));
  const shape = `[${filter.shape.join(', ')}]`;
  if (same) return constants.add(`t${filter.index}`, 'int8_t', `weights of layer ${operator.index} ${shape}`, items);
  const padding = Array.from({ length: beyond }, () => '0');
  return constants.add(`layer${operator.index}_weights`, 'int8_t', `weights of layer ${operator.index} ${shape}, arranged`, [...items, ...padding]);
}

/** Adds the output channels; returns the symbol. */
export function addChannels({ operator }: ProductLayer, { words }: Channels, { constants }: EmitContext): string {
  const texts = int32Items(words);
  const items = Array.from({ length: texts.length / 2 }, (_, k) => `{${texts[2 * k]}, ${texts[2 * k + 1]}}`);
  return constants.add(`layer${operator.index}_channels`, 'nn_channel', `factors and biases of layer ${operator.index}, input zero point folded in`, items);
}
