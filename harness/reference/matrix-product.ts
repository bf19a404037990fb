import type { Requantise } from '../numerics/index.ts';

/** A quantised vector-matrix product with everything folded that is known before it runs. */
export interface MatrixProduct {
  /** [rows, depth], the weights' zero point already subtracted. */
  readonly weights: Int8Array | Int16Array;
  readonly rows: number;
  readonly depth: number;
  /** [rows]: bias - inputZeroPoint * sum of the row's weights, in int32 arithmetic as the kernels' accumulators have it. */
  readonly start: Int32Array;
  /** [rows] each. */
  readonly multipliers: Int32Array;
  readonly shifts: Int32Array;
  readonly requantise: Requantise;
  readonly outputZeroPoint: number;
  readonly least: number;
  readonly greatest: number;
}

/**
 * Folds the input's zero point into the bias: sum w (x - zx) + b = sum w x + (b - zx sum w), equal modulo 2^32.
 * @param weights [rows, depth]
 * @param bias [rows], or null for none
 */
export function foldStart(weights: Int8Array | Int16Array, rows: number, depth: number, inputZeroPoint: number, bias: Int32Array | null): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let i = row * depth; i < (row + 1) * depth; i++) sum += weights[i] as number;
    return (bias?.[row] ?? 0) - inputZeroPoint * sum;
  });
}

/** output[outputAt + row] = clamp(requantise(acc) + zero point) for every row; input is read from inputAt, depth codes. */
export function multiply(product: MatrixProduct, input: Int8Array, inputAt: number, output: Int8Array | Int16Array | Int32Array, outputAt: number): void {
  const { weights, rows, depth, start, multipliers, shifts, requantise, outputZeroPoint, least, greatest } = product;
  let at = 0;
  for (let row = 0; row < rows; row++) {
    let acc = start[row] as number;
    for (let i = 0; i < depth; i++) acc = (acc + Math.imul(weights[at + i] as number, input[inputAt + i] as number)) | 0;
    at += depth;
    const code = requantise(acc, multipliers[row] as number, shifts[row] as number) + outputZeroPoint;
    output[outputAt + row] = code < least ? least : code > greatest ? greatest : code;
  }
}
