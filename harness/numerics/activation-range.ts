import { roundHalfAway } from './multiplier.ts';

/** Least and greatest real value of the fused activations that are a clamp, by their schema value; null is unbounded. */
const BOUNDS: readonly (readonly [name: string, least: number | null, greatest: number | null])[] = [
  ['NONE', null, null], ['RELU', 0, null], ['RELU_N1_TO_1', -1, 1], ['RELU6', 0, 6],
];

/** Code of a real value, beyond those of the type too. One float32 division: double would round some ties the other way. */
export const codeOfBound = (value: number, scale: number, zeroPoint: number): number => zeroPoint + roundHalfAway(Math.fround(Math.fround(value) / Math.fround(scale)));

/**
 * Codes between which a fused activation clamps the output. (TFLM kernel_util.cc, CalculateActivationRangeQuantized)
 * @param scale float32
 * @param activation value of fused_activation_function in the schema
 * @returns null for an activation that is no clamp (TANH, SIGN_BIT)
 */
export function activationRange(activation: number, scale: number, zeroPoint: number, least: number, greatest: number): { least: number; greatest: number } | null {
  const bounds = BOUNDS[activation];
  if (bounds === undefined) return null;
  const code = (value: number): number => codeOfBound(value, scale, zeroPoint);
  return {
    least: bounds[1] === null ? least : Math.max(least, code(bounds[1])),
    greatest: bounds[2] === null ? greatest : Math.min(greatest, code(bounds[2])),
  };
}

/** Greatest finite float32. */
const FLOAT_MAX = 3.4028234663852886e38;

/**
 * Values between which a fused activation clamps a float32 output; infinities are cut too. (TFLM kernels/kernel_util.h,
 * CalculateActivationRange)
 * @returns null for an activation that is no clamp
 */
export function floatActivationRange(activation: number): { least: number; greatest: number } | null {
  const bounds = BOUNDS[activation];
  return bounds === undefined ? null : { least: bounds[1] ?? -FLOAT_MAX, greatest: bounds[2] ?? FLOAT_MAX };
}
