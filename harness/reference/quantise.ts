import { HilError } from '../errors.ts';
import type { Tensor } from '../model/index.ts';
import { clamp, roundHalfAway } from '../numerics/index.ts';
import type { TensorData } from './runner.ts';

/** The integer types that have codes here. */
const CODES = {
  int8: { array: Int8Array, least: -128, greatest: 127 },
  uint8: { array: Uint8Array, least: 0, greatest: 255 },
  int16: { array: Int16Array, least: -32768, greatest: 32767 },
  int32: { array: Int32Array, least: -(2 ** 31), greatest: 2 ** 31 - 1 },
} as const;

/**
 * Real values as codes of a tensor: round(x / scale) + zero point with ties away from zero, in float32, clamped to the type.
 * A float32 tensor takes the values as they are. (TFLM kernels/internal/quantization_util.h / quantize.h, AffineQuantize)
 * @param values any number of samples of the tensor, one after the other
 * @throws HilError 'config' input.not-finite naming the index of a NaN or infinity; input.not-quantised for a tensor without one scale
 */
export function quantiseFloats(values: ArrayLike<number>, tensor: Tensor): TensorData {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    throw new HilError('config', 'input.not-finite', `value ${i} for tensor ${tensor.index} '${tensor.name}' is ${values[i]}`, { facts: { index: i, tensor: tensor.index } });
  }
  if (tensor.dtype === 'float32') return Float32Array.from(values);
  const { scale, zeroPoint, array, least, greatest } = codesOf(tensor);
  const codes = new array(values.length);
  for (let i = 0; i < values.length; i++) {
    codes[i] = clamp(roundHalfAway(Math.fround(Math.fround(values[i] as number) / scale)) + zeroPoint, least, greatest);
  }
  return codes;
}

/**
 * Codes of a tensor as real values, scale * (code - zero point), rounded once to float32.
 * @throws HilError 'config' input.not-quantised
 */
export function dequantise(codes: TensorData, tensor: Tensor): Float32Array {
  if (codes instanceof Float32Array) return codes.slice();
  const { scale, zeroPoint } = codesOf(tensor);
  return Float32Array.from(codes as ArrayLike<number>, (code) => (code - zeroPoint) * scale);
}

function codesOf(tensor: Tensor) {
  const form = CODES[tensor.dtype as keyof typeof CODES] as (typeof CODES)[keyof typeof CODES] | undefined;
  const quantisation = tensor.quantisation;
  if (form === undefined || quantisation === null || quantisation.scale.length !== 1) {
    throw new HilError('config', 'input.not-quantised', `tensor ${tensor.index} '${tensor.name}' (${tensor.dtype}, ${quantisation?.scale.length ?? 0} scales) has no codes with one scale; give raw codes`,
      { facts: { tensor: tensor.index, dtype: tensor.dtype } });
  }
  return { ...form, scale: quantisation.scale[0] as number, zeroPoint: quantisation.zeroPoint[0] as number };
}
