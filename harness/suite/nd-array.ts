import type { DType } from '../model/graph.ts';

/** Numbers in a shape, row-major, as input files hold them. */
export interface NdArray {
  readonly dtype: NdType;
  readonly shape: readonly number[];
  /** One element each; float16 is widened to a Float32Array, bool is a Uint8Array of 0 and 1. */
  readonly data: NdData;
  /** CSV only: the cells were all written as integers, so they may be codes of any integer type. */
  readonly anyInteger?: boolean;
}

export type NdType = Extract<DType, 'bool' | 'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'int64' | 'uint64' | 'float16' | 'float32' | 'float64'>;
export type NdData = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | BigInt64Array | BigUint64Array | Float32Array | Float64Array;

/** Larger arrays are refused before memory is taken for them. */
export const MAX_ELEMENTS = 2 ** 28;

/** Product of the dimensions, or null where one is not a non-negative integer or the product passes MAX_ELEMENTS. */
export function countElements(shape: readonly number[]): number | null {
  if (shape.some((size) => !Number.isSafeInteger(size) || size < 0)) return null;
  // Zero first: [2^40, 0] holds nothing.
  if (shape.includes(0)) return 0;
  let count = 1;
  for (const size of shape) {
    count *= size;
    if (count > MAX_ELEMENTS) return null;
  }
  return count;
}
