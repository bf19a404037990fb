import type { Operator } from '../../../model/graph.ts';
import { INT8_FUNCTIONS, tabulate8 } from '../../../numerics/codes/index.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { codeForm, supported } from '../code-form.ts';
import { inputTensor, need, outputTensor } from '../refusal.ts';
import { float32Plan } from './float32.ts';
import { PLANS16 } from './int16.ts';
import { table8Plan } from './table8.ts';

/** An operator that makes one element of one element: int8 by a table, int16 and float32 by kernels. */
export function unary(op: string): OperatorGenerator {
  const types = [...(INT8_FUNCTIONS[op] === undefined ? [] : ['int8']), ...(PLANS16[op] === undefined ? [] : ['int16']), 'float32'];
  return { op, supports: types.join(', '), types, plan: (operator, context) => plan(operator, context, types) };
}

function plan(operator: Operator, context: PlanContext, types: readonly string[]): LayerPlan {
  const input = inputTensor(context.graph, operator, 0);
  const output = outputTensor(context.graph, operator);
  need(types.includes(input.dtype), `the input (tensor ${input.index}) is ${input.dtype}; ${types.join(', ')} are supported`);
  need(input.dtype === output.dtype, `input is ${input.dtype}, output ${output.dtype}`);
  need(input.elements === output.elements, 'input and output differ in size');
  if (input.dtype === 'float32') return float32Plan(operator, input, output) as LayerPlan;
  return supported(() => {
    const form = codeForm(operator, context, input, output);
    const [int8, int16] = [INT8_FUNCTIONS[operator.name], PLANS16[operator.name]];
    return input.dtype === 'int8' && int8 !== undefined ? table8Plan(input, output, tabulate8(int8(form)), []) : (int16 as NonNullable<typeof int16>)(form, input, output);
  });
}
