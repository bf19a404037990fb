import type { QuantizedMultiplier } from '../../../../numerics/index.ts';

/** Height and width, or row and column. */
export interface Pair {
  readonly height: number;
  readonly width: number;
}

/**
 * A sum of products over a window, as plain numbers that a hypothesis can change one by one: CONV_2D, DEPTHWISE_CONV_2D,
 * TRANSPOSE_CONV, and FULLY_CONNECTED as a window of one position. The integer sums are exact in float64.
 */
export interface Sums {
  readonly batches: number;
  readonly input: Pair & { readonly depth: number };
  readonly output: Pair & { readonly depth: number };
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly dilation: Pair;
  /** Positions of padding before the first element. */
  readonly pad: Pair;
  /** The window is the output's, not the input's: TRANSPOSE_CONV. */
  readonly isTransposed: boolean;
  /** Output channels that read the same input channels, and how many those are. */
  readonly channelsOfGroup: number;
  readonly depth: number;
  readonly weights: Int8Array;
  /** Elements from one weight to the next along each axis. */
  readonly weightStep: Pair & { readonly channel: number; readonly depth: number };
  readonly inputZeroPoint: number;
  readonly weightsZeroPoint: number;
  /** Code that lies outside the image; null: what is outside is skipped. */
  readonly padding: number | null;
  /** What a channel's sum starts with; null: 0. The bias is added in Finish. */
  readonly start: Float64Array | null;
  /** Applied after each product: how a narrow accumulator goes wrong. null: it is wide enough. */
  readonly narrow: ((sum: number) => number) | null;
}

export interface Factor extends QuantizedMultiplier {
  /** The factor itself, of which multiplier and shift are the fixed-point form. */
  readonly real: number;
}

/** From a sum to a code. */
export interface Finish {
  /** Applied to the sum alone; null: nothing is. */
  readonly beforeBias: ((sum: number) => number) | null;
  /** One a channel; null: none. */
  readonly bias: Float64Array | null;
  /** The accumulator's type, applied to sum + bias. */
  readonly narrow: (sum: number) => number;
  /** One a channel. */
  readonly factors: readonly Factor[];
  readonly round: (sum: number, factor: Factor) => number;
  readonly zeroPoint: number;
  /** Takes a value with its zero point to the code that is stored. */
  readonly limit: (value: number) => number;
}

export interface Product {
  /** .tflite tensors of subgraph 0. */
  readonly inputTensor: number;
  readonly outputTensor: number;
  readonly sums: Sums;
  readonly finish: Finish;
  /** What the model says that the numbers above no longer show. */
  readonly facts: ProductFacts;
}

export interface ProductFacts {
  readonly op: string;
  readonly activation: number;
  /** `padding` of the options; null for FULLY_CONNECTED. */
  readonly padding: number | null;
  readonly least: number;
  readonly greatest: number;
  readonly inputScale: number;
  /** One, or one a channel. */
  readonly weightScales: readonly number[];
  readonly outputScale: number;
  /** Sums are int64 and requantised by 16-bit multipliers. */
  readonly isWide: boolean;
  /** Limits of the output's type. */
  readonly type: readonly [least: number, greatest: number];
}

/** Limits a value to two bounds. */
export const between = (least: number, greatest: number) => (value: number): number => (value < least ? least : value > greatest ? greatest : value);
