import type { Operator, Tensor } from '../../../model/graph.ts';
import { activationRange, floatActivationRange } from '../../../numerics/index.ts';
import { floatText, int32Text } from '../../constants.ts';
import { need, perTensor } from '../refusal.ts';

const fusedActivation = (operator: Operator): number => Number(operator.options['fused_activation_function'] ?? 0);

/** Scale and zero point of an int8 or int16 tensor; int16 has zero point 0. Throws Refusal. */
export function readCodes(tensor: Tensor, what: string): { scale: number; zeroPoint: number } {
  const codes = perTensor(tensor, what);
  const { zeroPoint } = codes;
  need(tensor.dtype === 'int16' ? zeroPoint === 0 : Number.isInteger(zeroPoint) && zeroPoint >= -128 && zeroPoint <= 127, `${what} has zero point ${zeroPoint}`);
  return codes;
}

/** Zero point of the output and its codes after the fused activation, as lines of a C initialiser: '.zero_point = ..., .low = ..., .high = ...,'. */
export function outputText(operator: Operator, output: Tensor): string {
  const { low, high } = codeRange(operator, output);
  return `.zero_point = ${readCodes(output, 'the output').zeroPoint}, .low = ${low}, .high = ${high},`;
}

export function codeRange(operator: Operator, output: Tensor): { low: number; high: number } {
  const { scale, zeroPoint } = readCodes(output, 'the output');
  const end = output.dtype === 'int16' ? 32768 : 128;
  const range = activationRange(fusedActivation(operator), scale, zeroPoint, -end, end - 1);
  need(range !== null, `fused activation ${fusedActivation(operator)} is not supported`);
  return { low: range.least, high: range.greatest };
}

/** Names of the clamps, as part of the identifier of a row function. */
const SUFFIX = ['', '_relu', '_relu_n1_to_1', '_relu6'] as const;

/** The float32 expression clamped by the fused activation (infinities too, as TFLM does). */
export function clampedFloat(operator: Operator, name: string, expression: string): { name: string; expression: string; headers: string[] } {
  const range = floatActivationRange(fusedActivation(operator));
  need(range !== null, `fused activation ${fusedActivation(operator)} is not supported`);
  return { name: `${name}${SUFFIX[fusedActivation(operator)]}`, expression: `nn_clamp_float(${expression}, ${floatText(range.least)}, ${floatText(range.greatest)})`, headers: ['nn_plain.h'] };
}

/** The int32 expression clamped by the fused activation. */
export function clampedInt(operator: Operator, name: string, expression: string): { name: string; expression: string; headers: string[] } {
  const range = floatActivationRange(fusedActivation(operator));
  need(range !== null, `fused activation ${fusedActivation(operator)} is not supported`);
  const [low, high] = [Math.max(range.least, -(2 ** 31)), Math.min(range.greatest, 2 ** 31 - 1)];
  const isFree = fusedActivation(operator) === 0;
  return { name: `${name}${SUFFIX[fusedActivation(operator)]}`, expression: isFree ? expression : `nn_clamp(${expression}, ${int32Text(low)}, ${int32Text(high)})`, headers: ['nn_plain.h'] };
}

/** Throws Refusal for int32 operands with a scale. */
export function needUnquantised(tensors: readonly Tensor[]): void {
  for (const { quantisation, index } of tensors) need(quantisation === null || quantisation.scale.length === 0, `tensor ${index} is quantised int32`);
}
