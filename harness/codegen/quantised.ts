import { quantizeMultiplier } from '../numerics/index.ts';
import { int32Text, type ConstantPool } from './constants.ts';
import type { Factor } from './layers/products.ts';
import { need } from './operators/refusal.ts';

const INT32_MAX = 2 ** 31 - 1;
const INT32_MIN = -(2 ** 31);

/** C initialiser of an nn_requant for a real factor, e.g. '{1073741824, 0, 14}'. Throws Refusal where it has no such form. */
export function requantText(real: number, what: string): string {
  return factorText(requant(real, what));
}

/** C initialiser of an nn_requant. */
export const factorText = ({ multiplier, shift }: Factor): string =>
  `{${multiplier}, ${Math.max(shift, 0)}, ${Math.max(-shift, 0)}}`;

/**
 * Factors of a kernel's struct: a table among the constants, or for one factor a static beside the struct.
 * @returns statements that go before the struct, and the initialisers of its `requant` and `requant_step`
 */
export function factorTable(layer: number, factors: readonly Factor[], constants: ConstantPool): { readonly before: readonly string[]; readonly fields: string } {
  const [first] = factors;
  if (factors.length === 1 && first !== undefined) return { before: [`static const nn_requant factor = ${factorText(first)};`], fields: '.requant = &factor, .requant_step = 0' };
  const symbol = constants.add(`layer${layer}_requant`, 'nn_requant', `output factors of layer ${layer}`, factors.map(factorText));
  return { before: [], fields: `.requant = ${symbol}, .requant_step = 1` };
}

/** multiplier / 2^31 * 2^shift; shift > 0 is to the left. Throws Refusal outside -31..30. */
export function requant(real: number, what: string): { multiplier: number; shift: number } {
  need(Number.isFinite(real) && real >= 0, `${what} is no positive number`);
  const q = quantizeMultiplier(real);
  need(q.shift >= -31 && q.shift <= 30, `${what} (${real}) is too large for a 32-bit multiplier and shift`);
  return q;
}

/** int8 weights of a constant tensor as numbers' typed view. */
export const asInt8 = (data: Uint8Array): Int8Array => new Int8Array(data.buffer, data.byteOffset, data.byteLength);

/** Little-endian int16 data, copied (the file's bytes need not be aligned). */
export function asInt16(data: Uint8Array): Int16Array {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Int16Array.from({ length: data.byteLength / 2 }, (_, index) => view.getInt16(2 * index, true));
}

/** Little-endian int32 data, copied (the file's bytes need not be aligned). */
export function asInt32(data: Uint8Array): Int32Array {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Int32Array.from({ length: data.byteLength / 4 }, (_, index) => view.getInt32(4 * index, true));
}

/**
 * bias[r] - zeroPoint * sum of row r: with it, sum(w * x) + folded = sum(w * (x - zeroPoint)) + bias, exactly.
 * Throws Refusal if any partial sum of the dot product could leave int32 for some int8 input.
 *
 * @param weights [rows][columns]
 * @param bias [rows], or null for none
 */
export function foldBias(weights: Int8Array, rows: number, columns: number, bias: Int32Array | null, zeroPoint: number): number[] {
  const folded: number[] = [];
  for (let row = 0; row < rows; row += 1) {
    let sum = 0;
    let above = 0; // the most and the least that the products can add up to, over all int8 inputs and all prefixes
    let below = 0;
    for (let column = 0; column < columns; column += 1) {
      const w = weights[row * columns + column] ?? 0;
      sum += w;
      above += Math.max(w * 127, w * -128);
      below += Math.min(w * 127, w * -128);
    }
    const start = (bias?.[row] ?? 0) - zeroPoint * sum;
    need(start + above <= INT32_MAX && start + below >= INT32_MIN, `the accumulator of output ${row} can leave int32`);
    folded.push(start);
  }
  return folded;
}

export const int8Items = (values: Int8Array): string[] => Array.from(values, String);
export const int32Items = (values: readonly number[]): string[] => values.map(int32Text);
