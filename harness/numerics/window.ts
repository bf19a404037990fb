/** Values of `padding` in the schema. */
export const Padding = { SAME: 0, VALID: 1 } as const;

/** How a window slides along one axis. */
export interface WindowAxis {
  readonly outputSize: number;
  /** Positions before the first element that the first window covers; the rest of the padding comes after the last. */
  readonly padBefore: number;
}

/**
 * Output size and leading padding of a sliding window along one axis. SAME: ceil(in / stride), the odd padding position comes
 * after; VALID: floor((in + stride - extent) / stride). (TFLM kernels/padding.h, ComputeOutSize and ComputePaddingWithOffset)
 * @param inputSize kernelSize stride dilation elements, all >= 1
 */
export function windowAxis(padding: number, inputSize: number, kernelSize: number, stride: number, dilation = 1): WindowAxis {
  const extent = (kernelSize - 1) * dilation + 1;
  if (padding === Padding.VALID) return { outputSize: Math.max(0, Math.floor((inputSize + stride - extent) / stride)), padBefore: 0 };
  const outputSize = Math.ceil(inputSize / stride);
  const total = Math.max((outputSize - 1) * stride + extent - inputSize, 0);
  return { outputSize, padBefore: Math.floor(total / 2) };
}
