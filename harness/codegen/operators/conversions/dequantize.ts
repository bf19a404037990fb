import type { Operator } from '../../../model/graph.ts';
import { floatText } from '../../constants.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { codesOf } from '../code-form.ts';
import { elementPlan, loopOver } from '../elements.ts';
import { inputTensor, need, outputTensor } from '../refusal.ts';

const TYPES: readonly string[] = ['int8', 'uint8', 'int16'];

/** DEQUANTIZE: a difference of codes has at most 24 bits, so one float32 product is rounded as the double of TFLM is. */
export const dequantize: OperatorGenerator = { op: 'DEQUANTIZE', supports: 'int8, uint8 or int16 to float32', types: TYPES, plan };

function plan(operator: Operator, { graph }: PlanContext): LayerPlan {
  const input = inputTensor(graph, operator, 0);
  const output = outputTensor(graph, operator);
  need(TYPES.includes(input.dtype) && output.dtype === 'float32', `${input.dtype} to ${output.dtype}`);
  need(input.elements === output.elements, 'input and output differ in size');
  const { scale, zeroPoint } = codesOf(input, 'input');
  need(Math.abs(zeroPoint) <= 32768, 'the zero point of the input is no code of its type');
  const difference = zeroPoint === 0 ? 'v' : `(v ${zeroPoint < 0 ? '+' : '-'} ${Math.abs(zeroPoint)})`;
  return elementPlan(input, output, [], (from, to) => ({ body: loopOver(input, output, from, to, [`y[i] = (float)${difference} * ${floatText(scale)};`]), headers: [] }));
}
