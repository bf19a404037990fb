import type { EmitContext } from '../../context.ts';
import { constantCode, rangeOf } from '../../layers/constant-output.ts';
import type { Factor, ProductLayer } from '../../layers/products.ts';
import { foldBias, int32Items, int8Items } from '../../quantised.ts';

/** An output channel as the kernels with nn_channel (firmware/kernels/nn_channel.h) compute it. */
export interface LiveChannel {
  readonly factor: Factor;
  /** First value of the sum, the input zero point folded in. */
  readonly start: number;
  /** The same without it. */
  readonly bias: number;
  /** It has the same code for every input, and gets that from other numbers: weights of 0, a factor of 1/4. */
  readonly settled: boolean;
}

/** Weights and output channels of a layer. */
export interface Channels {
  readonly count: number;
  /** Weights of those that are not left out: [channels][taps]. */
  readonly rows: Int8Array;
  /** One a channel; the code of a constant one that is left out. */
  readonly channels: readonly (LiveChannel | number)[];
  /** Initialiser of an nn_codes. */
  readonly codes: string;
}

const SUM_LIMIT = 2 ** 29;
const BIAS_LIMIT = 2 ** 26;
/** Times 1/4, without rounding for a multiple of 4. */
const QUARTER: Factor = { multiplier: 2 ** 30, shift: -1 };

/**
 * The layer's channels, or null where one of them does not fit: a factor of 1/2 and more, a bias of 27 bits or a sum of 30.
 * Channels that give the same code for every input (a trained network has many whose weights are all zero and whose scale is
 * then absurd) always fit. Throws Refusal as foldBias().
 * @param rows weights [channels][taps]
 * @param sparse the kernel can leave constant channels out
 */
export function packChannels(layer: ProductLayer, rows: Int8Array, count: number, sparse: boolean): Channels | null {
  const taps = rows.length / count;
  const folded = foldBias(rows, count, taps, layer.biases, layer.inputZeroPoint);
  const channels: (LiveChannel | number)[] = [];
  const kept: Int8Array[] = [];
  for (const [channel, start] of folded.entries()) {
    const factor = layer.factors[layer.factors.length === 1 ? 0 : channel] ?? QUARTER;
    const row = rows.subarray(channel * taps, (channel + 1) * taps);
    const range = rangeOf(row, start);
    const constant = constantCode(layer, factor, range);
    const last = channel === count - 1 && kept.length === 0; // an array needs an element
    if (constant !== null && sparse && !last) {
      channels.push(constant);
      continue;
    }
    const live = constant === null ? { factor, start, bias: layer.biases?.[channel] ?? 0, settled: false } : settled(constant - layer.outputZeroPoint);
    if (!fits(live) || (constant === null && (range.greatest >= SUM_LIMIT || range.least <= -SUM_LIMIT))) return null;
    channels.push(live);
    kept.push(constant === null ? row : new Int8Array(taps));
  }
  return { count, rows: Int8Array.from(kept.flatMap((row) => [...row])), channels, codes: `{${2 * layer.outputZeroPoint + 1}, ${layer.low}, ${layer.high}}` };
}

const settled = (value: number): LiveChannel => ({ factor: QUARTER, start: 4 * value, bias: 4 * value, settled: true });

const fits = ({ factor: { multiplier, shift }, start, bias }: LiveChannel): boolean =>
  multiplier >= 2 ** 30 && shift <= -1 && shift >= -31 && Math.abs(start) < BIAS_LIMIT && Math.abs(bias) < BIAS_LIMIT;

/**
 * Whether every two neighbouring weights (0 and 1, 2 and 3, ... of a row) keep the two sums of a chunk apart for all int8 inputs;
 * see firmware/kernels/nn_pairs.h. Only a pair of -128 does not.
 */
export function chunksFit(rows: Int8Array, taps: number): boolean {
  for (let row = 0; row < rows.length; row += taps) {
    for (let k = 0; k < taps; k += 2) {
      const { least, greatest } = rangeOf(rows.subarray(row + k, row + Math.min(k + 2, taps)), 0);
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

/** Adds the channels as they are, 8 bytes each; returns the symbol. */
export function addChannels({ operator }: ProductLayer, { channels }: Channels, { constants }: EmitContext): string {
  const words = channels.map((channel) => (typeof channel === 'number' ? [0, channel] : [channel.factor.multiplier, 32 * channel.start - channel.factor.shift - 1]));
  const items = words.map((pair) => `{${int32Items(pair).join(', ')}}`);
  return constants.add(`layer${operator.index}_channels`, 'nn_channel', `factors and biases of layer ${operator.index}, input zero point folded in`, items);
}
