import type { Operator, Tensor } from '../../../model/graph.ts';
import { CODE_RANGES, isQuantisePair, QUANTISE_PAIRS } from '../../../numerics/codes/index.ts';
import { clamp, requantiseDouble } from '../../../numerics/index.ts';
import { floatText } from '../../constants.ts';
import { cTypeOf } from '../../c-types.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { factorText, requant } from '../../quantised.ts';
import { codesOf } from '../code-form.ts';
import { elementPlan, loopOver } from '../elements.ts';
import { table8Plan } from '../functions/table8.ts';
import { inputTensor, need, outputTensor } from '../refusal.ts';

/** QUANTIZE: float32 to codes by division and rounding, bytes to bytes by a table, other codes by one multiplication. */
export const quantize: OperatorGenerator = {
  op: 'QUANTIZE',
  supports: QUANTISE_PAIRS,
  types: ['float32', 'int8', 'uint8', 'int16', 'int32'],
  plan,
};

function plan(operator: Operator, context: PlanContext): LayerPlan {
  const input = inputTensor(context.graph, operator, 0);
  const output = outputTensor(context.graph, operator);
  need(isQuantisePair(input.dtype, output.dtype), `${input.dtype} to ${output.dtype}`);
  need(input.elements === output.elements, 'input and output differ in size');
  return input.dtype === 'float32' ? fromFloat(input, output) : fromCodes(operator, context, input, output);
}

function fromFloat(input: Tensor, output: Tensor): LayerPlan {
  const { scale, zeroPoint } = codesOf(output, 'output');
  const [low, high] = CODE_RANGES[output.dtype] as readonly [number, number];
  need(zeroPoint >= low && zeroPoint <= high, 'the zero point of the output is no code of its type');
  const line = `y[i] = (${cTypeOf(output.dtype)})nn_float_to_code(v, ${floatText(scale)}, ${zeroPoint}, ${low}, ${high});`;
  return elementPlan(input, output, [], (from, to) => ({ body: loopOver(input, output, from, to, [line]), headers: ['nn_float_convert.h'] }));
}

function fromCodes(operator: Operator, context: PlanContext, input: Tensor, output: Tensor): LayerPlan {
  context.rounding(operator);
  const [x, y] = [codesOf(input, 'input'), codesOf(output, 'output')];
  const factor = requant(x.scale / y.scale, 'input / output scale');
  const [low, high] = CODE_RANGES[output.dtype] as readonly [number, number];
  if (cTypeOf(input.dtype)?.includes('int8') === true && cTypeOf(output.dtype)?.includes('int8') === true) {
    const rescale = (code: number): number => clamp(requantiseDouble(code - x.zeroPoint, factor.multiplier, factor.shift) + y.zeroPoint, low, high);
    const table = Int8Array.from({ length: 256 }, (_, i) => rescale(input.dtype === 'uint8' ? (i + 128) % 256 : i - 128));
    return table8Plan(input, output, table, []);
  }
  return elementPlan(input, output, [], (from, to) => ({
    body: [
      `static const nn_rescale layer = {${factorText(factor)}, ${x.zeroPoint}, ${y.zeroPoint}, ${low === -(2 ** 31) ? 'INT32_MIN' : low}, ${high}};`,
      ...loopOver(input, output, from, to, [`y[i] = (${cTypeOf(output.dtype)})nn_rescale_code(&layer, v);`]),
    ],
    headers: ['nn_rescale.h'],
  }));
}
