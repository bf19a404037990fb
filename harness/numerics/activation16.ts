import { SIGMOID_TABLE } from './sigmoid-table.ts';

/** An int16 -> int16 function as a table of all 65536 results, indexed by value + 32768. */
export type Int16Function = Int16Array;

/** Scaling of the input to the table's steps: (x * multiplier + half) >> shift. */
export interface InputScale {
  readonly multiplier: number;
  readonly shift: number;
}

/** Q3.12 in, Q0.15 out: the scaling of LSTM gates, one table step being 1/24. */
const GATE: InputScale = { multiplier: 3, shift: 0 };

const scaled = (x: number, { multiplier, shift }: InputScale): number => (x * multiplier + (shift > 0 ? 1 << (shift - 1) : 0)) >> shift;

/**
 * Logistic of a gate: Q3.12 in, Q0.15 out, by linear interpolation of 9 bits.
 * (TFLM reference/integer_ops/logistic.h, int16 with multiplier 0)
 */
export const sigmoid16 = (x: number): number => scaledSigmoid16(x, GATE);

/** Logistic, Q0.15, of a value that `scale` brings to the table's steps. */
export function scaledSigmoid16(x: number, scale: InputScale): number {
  const v = scaled(x, scale);
  const magnitude = Math.abs(v);
  const step = magnitude >> 9;
  const value = step >= 255 ? 0x7fff << 10 : interpolate(step, magnitude & 511, 9);
  return (v >= 0 ? value + 512 : 0x2000000 - value + 511) >> 10;
}

/**
 * Tanh: tanh(x) = 2 sigmoid(2x) - 1 from the same table, 8 bits interpolated, Q0.15 out.
 * (TFLM reference/integer_ops/tanh.h, int16)
 * @param power the input's scale is 2^power; -12 for gates. Scales below 2^-12 shift right with rounding.
 */
export const tanh16 = (x: number, power: number): number => scaledTanh16(x, tanhScale(power));

/** Tanh, Q0.15, of a value that `scale` brings to the table's steps. */
export function scaledTanh16(x: number, scale: InputScale): number {
  const v = scaled(x, scale);
  const magnitude = Math.abs(v);
  const step = magnitude >> 8;
  const value = step >= 255 ? 0xffff << 8 : interpolate(step, magnitude & 255, 8);
  return (v >= 0 ? value - 0x800000 + 128 : -value + 0x800000 + 127) >> 8;
}

/** (lstm_eval.cc, Tanh: tanh_input_left_shift) */
function tanhScale(power: number): InputScale {
  const left = 15 + power - 3;
  return left < 0 ? { multiplier: 3, shift: -left } : { multiplier: 3 << left, shift: 0 };
}

function interpolate(step: number, rest: number, bits: number): number {
  const at = SIGMOID_TABLE[step] as number;
  return (at << bits) + rest * ((SIGMOID_TABLE[step + 1] as number) - at);
}

const tabulate = (f: (x: number) => number): Int16Function => Int16Array.from({ length: 65536 }, (_, i) => f(i - 32768));
const tanhTables = new Map<number, Int16Function>();
let sigmoidTable: Int16Function | null = null;

/** sigmoid16 of every int16, built once. */
export function sigmoid16Table(): Int16Function {
  sigmoidTable ??= tabulate(sigmoid16);
  return sigmoidTable;
}

/** tanh16 of every int16 at this input scale, built once a scale. */
export function tanh16Table(power: number): Int16Function {
  const table = tanhTables.get(power) ?? tabulate((x) => tanh16(x, power));
  tanhTables.set(power, table);
  return table;
}
