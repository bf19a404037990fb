/** The float32 nearest to the square root; NaN for negative numbers. The same as firmware/kernels/nn_sqrt.h. */
export function sqrt32(x: number): number {
  // Rounding the float64 root once more can't go wrong: float64 has more than twice the bits and two to spare.
  // The NaN of a negative number is the positive one of C, not the host's.
  return x < 0 ? Number.NaN : Math.fround(Math.sqrt(x));
}
