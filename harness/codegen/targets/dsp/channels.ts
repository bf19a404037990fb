import { clamp, requantiseDouble } from '../../../numerics/index.ts';
import type { ProductLayer } from '../../layers/products.ts';
import { CONSTANT_SHIFT, packFactors, type Factors } from './factors.ts';

/** Output channels as the kernels for 16-bit SIMD compute them; see firmware/kernels/nn_dsp_channel.h. */
export interface Channels {
  /** First value of each sum. */
  readonly start: readonly number[];
  /** The same without the input's zero point folded in. */
  readonly biases: readonly number[];
  /** [channels][taps], as in the model but for channels whose code is always the same: those have zeros. */
  readonly rows: readonly Int8Array[];
  readonly changed: boolean;
  readonly factors: Factors;
}

/** Where a sum can be, whatever the input. */
export interface Reach { readonly start: number; readonly least: number; readonly greatest: number }

const INT32 = 2 ** 31;

/**
 * The channels of a layer; null where a factor or a sum is not of the form that the kernels compute.
 *
 * @param rows weights of each channel
 * @param folded the kernel takes inputs as they are, so that the input's zero point is in the start of the sum; else it takes inputs less their zero point
 * @param bits of the sum, sign included, that the kernel keeps
 */
export function planChannels(layer: ProductLayer, rows: readonly Int8Array[], folded: boolean, bits: number): Channels | null {
  const limit = 2 ** (bits - 1);
  const start: number[] = [];
  const mended: Int8Array[] = [];
  const shifts: (number | null)[] = []; // null: the code is constant, and `start` has it, less the zero point
  for (const [channel, row] of rows.entries()) {
    const factor = layer.factors[layer.factors.length === 1 ? 0 : channel];
    const reach = reachOf(row, layer.biases?.[channel] ?? 0, layer.inputZeroPoint, folded);
    if (factor === undefined || reach.least < -INT32 || reach.greatest >= INT32) return null;
    const code = (sum: number): number => clamp(requantiseDouble(sum, factor.multiplier, factor.shift) + layer.outputZeroPoint, layer.low, layer.high);
    const fits = reach.least >= -limit && reach.greatest < limit && factor.multiplier !== 0 && factor.shift <= -2;
    if (fits) {
      start.push(reach.start);
      mended.push(row);
      shifts.push(-factor.shift);
      continue;
    }
    // A channel that training has switched off: a bias far larger than its sum, or a factor of almost nothing.
    const constant = code(reach.least);
    if (layer.factors.length === 1 || code(reach.greatest) !== constant) return null;
    start.push(constant - layer.outputZeroPoint);
    mended.push(new Int8Array(row.length));
    shifts.push(null);
  }
  const factors = packFactors(layer, shifts);
  if (factors === null) return null;
  const sums = start.map((value, channel) => (shifts[channel] === null ? sumOf(value, factors.constantMultiplier) : value));
  if (sums.includes(null)) return null;
  const biases = sums.map((sum, channel) => (shifts[channel] === null ? sum ?? 0 : (layer.biases?.[channel] ?? 0)));
  return { start: sums as number[], biases, rows: mended, changed: shifts.includes(null), factors };
}

/** A sum whose code, less the zero point, is the given one. */
export function sumOf(code: number, multiplier: number): number | null {
  const sum = Math.round((code * 2 ** (31 + CONSTANT_SHIFT)) / multiplier);
  return multiplier < 2 ** 31 && requantiseDouble(sum, multiplier, -CONSTANT_SHIFT) === code ? sum : null;
}

export function reachOf(row: Int8Array, bias: number, zeroPoint: number, folded: boolean): Reach {
  const [low, high] = folded ? [-128, 127] : [-128 - zeroPoint, 127 - zeroPoint];
  let start = bias;
  let least = 0;
  let greatest = 0;
  for (const w of row) {
    if (folded) start -= zeroPoint * w;
    least += Math.min(w * low, w * high, 0);
    greatest += Math.max(w * low, w * high, 0);
  }
  return { start, least: start + least, greatest: start + greatest };
}
