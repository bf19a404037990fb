import type { Product } from './product.ts';

/** What kernels start with that have the zero point of the input in the bias: bias - zero point * sum of the channel's weights. */
export interface FoldedBias {
  /** One a channel. */
  readonly start: readonly number[];
  /** The bias that has the same effect as another start. */
  biasOf(start: readonly number[]): Float64Array;
}

/**
 * Code generators compute it once, so that the loop need not subtract; padding is then filled with the zero point.
 * @returns null where the zero point is 0: it is the bias itself then
 */
export function foldedBias({ sums, finish: { bias } }: Product): FoldedBias | null {
  const { inputZeroPoint, output } = sums;
  if (inputZeroPoint === 0) return null;
  const zero = Float64Array.from({ length: output.depth }, (_, channel) => inputZeroPoint * sumOfWeights(sums, channel));
  return {
    start: Array.from(zero, (part, channel) => (bias?.[channel] ?? 0) - part),
    biasOf: (start) => Float64Array.from(start, (value, channel) => value + (zero[channel] as number)),
  };
}

function sumOfWeights({ kernel, depth, weights, weightStep, weightsZeroPoint }: Product['sums'], channel: number): number {
  let sum = 0;
  for (let i = 0; i < kernel.height; i++) {
    for (let j = 0; j < kernel.width; j++) {
      for (let k = 0; k < depth; k++) sum += (weights[channel * weightStep.channel + i * weightStep.height + j * weightStep.width + k * weightStep.depth] as number) - weightsZeroPoint;
    }
  }
  return sum;
}
