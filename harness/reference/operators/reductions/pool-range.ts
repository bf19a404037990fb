import { activationRange, floatActivationRange } from '../../../numerics/index.ts';
import type { OperatorContext } from '../../context.ts';

/** Type limits of the integer types that pooling knows. */
const LIMITS: Readonly<Record<string, readonly [number, number]>> = { int8: [-128, 127], int16: [-32768, 32767] };

/** Bounds of the output: codes for int8 and int16, values for float32. */
export interface PoolRange {
  readonly isFloat: boolean;
  readonly least: number;
  readonly greatest: number;
}

/**
 * Checks types and quantisation of a pooling operator and gives the bounds of its fused activation.
 * (TFLM micro/kernels/pooling_common.cc, PoolingPrepare: equal zero points, scales at most 1e-6 apart)
 * @throws HilError 'config' reference.unsupported
 */
export function readPoolRange(context: OperatorContext): PoolRange {
  const input = context.input(0, 'input');
  const output = context.output();
  const { dtype } = input.tensor;
  context.require(output.tensor.dtype === dtype, `${dtype} to ${output.tensor.dtype}`);
  const activation = Number(context.operator.options.fused_activation_function);
  if (dtype === 'float32') {
    const range = floatActivationRange(activation);
    context.require(range !== null, `activation ${activation}`);
    return { isFloat: true, ...range };
  }
  context.require(dtype === 'int8' || dtype === 'int16', `input is ${dtype}`);
  const x = context.quantised(input, dtype, 'input');
  const y = context.quantised(output, dtype, 'output');
  context.require(Math.abs(Math.fround(x.scale - y.scale)) <= 1e-6 && x.zeroPoint === y.zeroPoint, 'input and output differ in scale or zero point');
  const [least, greatest] = LIMITS[dtype] as readonly [number, number];
  const range = activationRange(activation, y.scale, y.zeroPoint, least, greatest);
  context.require(range !== null, `activation ${activation}`);
  context.require(range.least <= range.greatest, `the activation leaves no code (${range.least}..${range.greatest})`);
  return { isFloat: false, ...range };
}
