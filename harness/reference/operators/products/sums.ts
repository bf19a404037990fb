/** Operands of a product as the tensors hold them. */
export type Codes = Int8Array | Int16Array | Float32Array;

/** start + sum over i < n of (x[xAt + i] - zx) * (w[wAt + i] - zw), in this order. */
export type SumOfProducts = (start: number, x: Codes, xAt: number, zx: number, w: Codes, wAt: number, zw: number, n: number) => number;

/** Exact: a product has at most 24 bits, so that float64 holds the sum of 2^29 of them. Wrapping to int32 is left to the end. */
export const sumOfIntegers: SumOfProducts = (start, x, xAt, zx, w, wAt, zw, n) => {
  let sum = start;
  for (let i = 0; i < n; i++) sum += ((x[xAt + i] as number) - zx) * ((w[wAt + i] as number) - zw);
  return sum;
};

/** float32: the product is rounded, then the sum. There are no zero points. */
export const sumOfFloats: SumOfProducts = (start, x, xAt, _zx, w, wAt, _zw, n) => {
  let sum = start;
  for (let i = 0; i < n; i++) sum = Math.fround(sum + Math.fround((x[xAt + i] as number) * (w[wAt + i] as number)));
  return sum;
};
