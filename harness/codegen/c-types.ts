import type { DType } from '../model/graph.ts';

/** C element types of tensors. bool is 0 or 1 in a byte; float32 is IEEE binary32. */
const C_TYPES: Readonly<Partial<Record<DType, string>>> = {
  int8: 'int8_t', uint8: 'uint8_t', bool: 'uint8_t', int16: 'int16_t', uint16: 'uint16_t', int32: 'int32_t', uint32: 'uint32_t', int64: 'int64_t', float32: 'float',
};

/** The C type of a tensor's elements; null for types that generated C does not compute with. */
export const cTypeOf = (dtype: DType): string | null => C_TYPES[dtype] ?? null;
