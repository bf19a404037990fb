import type { EmitContext } from '../../context.ts';
import type { ProductLayer } from '../../layers/products.ts';
import { foldBias, int32Items, int8Items } from '../../quantised.ts';

/** Rows that the kernels multiply at once, and bytes of a vector. */
export const GROUP = 4;
const VECTOR = 16;

export interface Rows {
  readonly layer: ProductLayer;
  /** Output channels. */
  readonly count: number;
  /** Weights of one. */
  readonly bytes: number;
  readonly weights: readonly number[];
  readonly factors: readonly number[];
  /** Items of `factors` before those of the rows that are left over. */
  readonly wholeFactors: number;
}

/** Four bytes as the int32 that has them in memory, little-endian. */
export const packBytes = ([a = 0, b = 0, c = 0, d = 0]: readonly number[]): number => (a & 255) | ((b & 255) << 8) | ((c & 255) << 16) | (d << 24);

/** Four rows of weights [..][bytes] from row `first` on as the kernels read them: [bytes / 16][4][16], then [4][bytes % 16]. */
export function interleave(weights: Int8Array, first: number, bytes: number): number[] {
  const packed: number[] = [];
  for (let at = 0; at < bytes; at += VECTOR) {
    for (let row = first; row < first + GROUP; row += 1) packed.push(...weights.subarray(row * bytes + at, row * bytes + Math.min(at + VECTOR, bytes)));
  }
  return packed;
}

/** Zeros to be put behind interleaved rows, of which `more` other bytes follow: the last row is read in whole vectors. */
export const padding = (bytes: number, more: number): number[] => (bytes % VECTOR === 0 ? [] : new Array<number>(Math.max(0, VECTOR - (bytes % VECTOR) - more)).fill(0));

/**
 * Weights [count][bytes] and factors in the order of nn_mve_rows (firmware/kernels/nn_mve_rows.h).
 * @param each whether a group has its factors, or its biases only
 * @throws Refusal where a sum can leave int32
 */
export function packRows(layer: ProductLayer, weights: Int8Array, count: number, bytes: number, each = true): Rows {
  const bias = foldBias(weights, count, bytes, layer.biases, layer.inputZeroPoint);
  const factorOf = (row: number): { multiplier: number; shift: number } => layer.factors[layer.factors.length === 1 ? 0 : row] ?? { multiplier: 0, shift: 0 };
  const packed: number[] = [];
  const factors: number[] = [];
  const whole = count - (count % GROUP);
  for (let first = 0; first < whole; first += GROUP) {
    const rows = Array.from({ length: GROUP }, (_, i) => first + i);
    packed.push(...interleave(weights, first, bytes));
    factors.push(...rows.map((row) => bias[row] ?? 0));
    if (each) factors.push(...rows.map((row) => factorOf(row).multiplier), packBytes(rows.map((row) => factorOf(row).shift)));
  }
  const wholeFactors = factors.length;
  for (let row = whole; row < count; row += 1) {
    packed.push(...weights.subarray(row * bytes, (row + 1) * bytes));
    factors.push(bias[row] ?? 0, factorOf(row).multiplier, factorOf(row).shift);
  }
  packed.push(...padding(bytes, (count - whole) * bytes));
  return { layer, count, bytes, weights: packed, factors, wholeFactors };
}

/** Initialiser of an nn_mve_rows; adds its constants. */
export function rowsText(rows: Rows, context: EmitContext): string {
  const { layer, count, bytes } = rows;
  const { operator, filter } = layer;
  const w = context.constants.add(`t${filter.index}_rows`, 'int8_t', `weights of layer ${operator.index} [${count}, ${bytes}], four rows interleaved`, int8Items(Int8Array.from(rows.weights)));
  const f = context.constants.add(`layer${operator.index}_factors`, 'int32_t', `of layer ${operator.index}: bias with the input zero point folded in, and what it is scaled by`, int32Items(rows.factors));
  return `{${Math.floor(bytes / VECTOR)}, ${bytes % VECTOR}, ${f} + ${rows.wholeFactors}, ${layer.outputZeroPoint}, ${layer.low}, ${layer.high}, ${w}, ${f}, ${count}}`;
}

/** Which form of requantisation is exact for the layer; see firmware/kernels/nn_mve_rows.h. */
export function roundingOf(layer: ProductLayer): 'relu' | 'signed' | 'any' {
  if (layer.factors.some(({ shift }) => shift > 0)) return 'any';
  return layer.low >= layer.outputZeroPoint ? 'relu' : 'signed';
}
