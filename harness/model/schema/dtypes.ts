import type { DType } from '../graph.ts';

/** TensorType of the schema, by code; null: known to the schema, not to hil. (schema.fbs, enum TensorType) */
export const TENSOR_TYPES: readonly (DType | null)[] = [
  'float32', 'float16', 'int32', 'uint8', 'int64', 'string', 'bool', 'int16', 'complex64', 'int8', 'float64', 'complex128',
  'uint64', 'resource', 'variant', 'uint32', 'uint16', 'int4', null, null, null, null, null,
];

/** Least and greatest code of the integer types: the range of a zero point. */
export const INTEGER_RANGE: Readonly<Partial<Record<DType, readonly [number, number]>>> = {
  int4: [-8, 7], int8: [-128, 127], uint8: [0, 255], int16: [-32768, 32767], uint16: [0, 65535],
  int32: [-(2 ** 31), 2 ** 31 - 1], uint32: [0, 2 ** 32 - 1],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER], uint64: [0, Number.MAX_SAFE_INTEGER],
};
