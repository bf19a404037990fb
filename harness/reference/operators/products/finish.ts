import { activationRange, isFixedPoint, productMultiplier, REQUANTISE, REQUANTISE_REAL, requantiseWide } from '../../../numerics/index.ts';
import type { QuantizedMultiplier } from '../../../numerics/index.ts';
import type { Operand, OperatorContext, QuantisedOperand } from '../../context.ts';

/** Rounding by `double` of int32 sums, as numbers: what the fast path needs instead of a function. */
export interface FixedFinish {
  /** One a channel, or one for all. */
  readonly factors: readonly QuantizedMultiplier[];
  readonly bias: Int32Array | null;
  readonly zeroPoint: number;
  readonly least: number;
  readonly greatest: number;
}

/** From the sum of a channel's products to its output code or value: bias, requantisation, zero point, activation. */
export type Finish = (sum: number, channel: number) => number;

/** What a sum is held in before it is requantised. */
export type Accumulator = 'int32' | 'int64';

/** Least and greatest value of an activation in float32. */
const FLOAT_BOUNDS: readonly (readonly [number, number] | undefined)[] = [[-Infinity, Infinity], [0, Infinity], [-1, 1], [0, 6]];
/** The kernels' condition for int64 accumulators. (kernels/internal/common.cc) */
const WIDE_BIAS_LIMIT = 2n ** 46n;

/** One real factor a channel, or one for all. */
export interface Factors {
  readonly reals: readonly number[];
  readonly accumulator: Accumulator;
}

/** si * sw / so for every scale of the weights, in the profile's arithmetic. */
export function factorsOf(context: OperatorContext, inputScale: number, weightScales: readonly number[], outputScale: number, accumulator: Accumulator): Factors {
  const { scales, channelScales } = context.rounding;
  const arithmetic = weightScales.length > 1 ? channelScales : scales;
  return { accumulator, reals: weightScales.map((scale) => productMultiplier(inputScale, scale, outputScale, arithmetic)) };
}

/**
 * y = clamp(requantise(sum + bias) + zy). The sum wraps to the accumulator's type as the kernels' does.
 * @throws HilError 'config' reference.unsupported
 */
export function integerFinish(context: OperatorContext, factors: Factors, bias: Operand | null, output: QuantisedOperand<Int8Array | Int16Array>): Finish {
  const [least, greatest] = output.tensor.dtype === 'int8' ? [-128, 127] : [-32768, 32767];
  const activation = Number(context.operator.options.fused_activation_function ?? 0);
  const range = activationRange(activation, output.scale, output.zeroPoint, least, greatest);
  context.require(range !== null, `fused activation ${activation}`);
  const requantise = requantiser(context, factors);
  const wrap = factors.accumulator === 'int32' ? (sum: number): number => sum | 0 : (sum: number): number => sum;
  const biases = bias?.data ?? null;
  if (biases instanceof BigInt64Array) {
    const outside = bias?.tensor.data !== null && biases.some((value) => value >= WIDE_BIAS_LIMIT || value < -WIDE_BIAS_LIMIT);
    context.require(!outside, 'a bias is beyond 46 bits');
  }
  return (sum, channel) => {
    const code = requantise(wrap(sum + Number(biases?.[channel] ?? 0)), channel) + output.zeroPoint;
    return code < range.least ? range.least : code > range.greatest ? range.greatest : code;
  };
}

/** The profile's formula with a factor a channel, or one for all. */
function requantiser(context: OperatorContext, { reals, accumulator }: Factors): (x: number, channel: number) => number {
  const at = reals.length > 1 ? 1 : 0;
  const name = context.rounding.requantise;
  if (!isFixedPoint(name)) {
    context.require(accumulator === 'int32', `'${name}' of int64 accumulators`);
    const formula = REQUANTISE_REAL[name];
    return (x, channel) => formula(x, reals[at * channel] as number);
  }
  const formula = accumulator === 'int32' ? REQUANTISE[name] : requantiseWide;
  const fixed = reals.map((real) => context.fixedPoint(real, 'input * weights / output'));
  context.require(accumulator === 'int32' || fixed.every(({ shift }) => shift <= 7), 'multiplier input * weights / output is beyond 2^7, which int64 accumulators do not allow');
  const multipliers = Int32Array.from(fixed, ({ multiplier }) => multiplier);
  const shifts = Int32Array.from(fixed, ({ shift }) => shift);
  return (x, channel) => formula(x, multipliers[at * channel] as number, shifts[at * channel] as number);
}

/** The same as numbers; null where the rounding is another one, or the bias is computed. */
export function fixedFinish(context: OperatorContext, factors: Factors, bias: Operand | null, output: QuantisedOperand<Int8Array | Int16Array>): FixedFinish | null {
  const range = activationRange(Number(context.operator.options.fused_activation_function ?? 0), output.scale, output.zeroPoint, -128, 127);
  if (range === null || output.tensor.dtype !== 'int8' || factors.accumulator !== 'int32' || context.rounding.requantise !== 'double') return null;
  if (bias !== null && (bias.tensor.data === null || !(bias.data instanceof Int32Array))) return null;
  return {
    factors: factors.reals.map((real) => context.fixedPoint(real, 'input * weights / output')),
    bias: (bias?.data ?? null) as Int32Array | null, zeroPoint: output.zeroPoint, ...range,
  };
}

/** y = clamp(sum + bias), every operation in float32. */
export function floatFinish(context: OperatorContext, bias: Operand | null): Finish {
  const activation = Number(context.operator.options.fused_activation_function ?? 0);
  const [least, greatest] = FLOAT_BOUNDS[activation] ?? context.refuse(`fused activation ${activation}`);
  const biases = bias?.data ?? null;
  return (sum, channel) => {
    const value = biases === null ? sum : Math.fround(sum + Number(biases[channel]));
    return value < least ? least : value > greatest ? greatest : value;
  };
}
