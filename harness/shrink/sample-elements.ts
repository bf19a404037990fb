import { BYTES_PER_ELEMENT, type DType, type Tensor } from '../model/graph.ts';

/** The elements of a sequence of samples, to be changed one by one: each as a code, and what it is when it says nothing. */
export interface SampleElements {
  /** Over all samples. */
  readonly count: number;
  value(codes: Uint8Array, element: number): number;
  /** Zero point of the element's tensor; 0 where it has none. */
  rest(element: number): number;
  /** A copy in which some elements have other values. */
  withValues(codes: Uint8Array, elements: readonly number[], valueOf: (element: number) => number): Uint8Array;
}

type Access = { readonly get: (view: DataView, at: number) => number; readonly set: (view: DataView, at: number, value: number) => void };

const ACCESS: Partial<Record<DType, Access>> = {
  int8: { get: (v, at) => v.getInt8(at), set: (v, at, x) => v.setInt8(at, x) },
  uint8: { get: (v, at) => v.getUint8(at), set: (v, at, x) => v.setUint8(at, x) },
  bool: { get: (v, at) => v.getUint8(at), set: (v, at, x) => v.setUint8(at, x) },
  int16: { get: (v, at) => v.getInt16(at, true), set: (v, at, x) => v.setInt16(at, x, true) },
  uint16: { get: (v, at) => v.getUint16(at, true), set: (v, at, x) => v.setUint16(at, x, true) },
  int32: { get: (v, at) => v.getInt32(at, true), set: (v, at, x) => v.setInt32(at, x, true) },
  uint32: { get: (v, at) => v.getUint32(at, true), set: (v, at, x) => v.setUint32(at, x, true) },
  float32: { get: (v, at) => v.getFloat32(at, true), set: (v, at, x) => v.setFloat32(at, x, true) },
  float64: { get: (v, at) => v.getFloat64(at, true), set: (v, at, x) => v.setFloat64(at, x, true) },
};

/**
 * @param inputs of the model, in graph order: a sample has all of them one after the other
 * @returns null where an input's type has no elements that can be changed (int64, int4, ...)
 */
export function sampleElements(inputs: readonly Tensor[], samples: number): SampleElements | null {
  const parts: { readonly first: number; readonly offset: number; readonly bytes: number; readonly access: Access; readonly rest: number }[] = [];
  let [elements, bytes] = [0, 0];
  for (const { dtype, elements: own, quantisation } of inputs) {
    const access = ACCESS[dtype];
    if (access === undefined) return null;
    parts.push({ first: elements, offset: bytes, bytes: BYTES_PER_ELEMENT[dtype], access, rest: quantisation?.zeroPoint[0] ?? 0 });
    elements += own;
    bytes += own * BYTES_PER_ELEMENT[dtype];
  }
  const partOf = (element: number): (typeof parts)[number] => parts.findLast(({ first }) => first <= element % elements) as (typeof parts)[number];
  const place = (element: number): number => {
    const part = partOf(element);
    return Math.floor(element / elements) * bytes + part.offset + (element % elements - part.first) * part.bytes;
  };
  const viewOf = (codes: Uint8Array): DataView => new DataView(codes.buffer, codes.byteOffset, codes.byteLength);
  return {
    count: elements * samples,
    value: (codes, element) => partOf(element).access.get(viewOf(codes), place(element)),
    rest: (element) => partOf(element).rest,
    withValues(codes, changed, valueOf) {
      const copy = codes.slice();
      const view = viewOf(copy);
      for (const element of changed) partOf(element).access.set(view, place(element), valueOf(element));
      return copy;
    },
  };
}
