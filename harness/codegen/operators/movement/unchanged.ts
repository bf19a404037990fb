import type { Operator } from '../../../model/graph.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { inputTensor, need, outputTensor } from '../refusal.ts';
import { copyLayer } from './strided.ts';

const ANY = ['int8', 'int16', 'int32', 'int64', 'bool', 'float32'];

/** The same bytes under another shape; a copy only where the memory plan could not share the buffer. */
export const reshape: OperatorGenerator = { op: 'RESHAPE', supports: 'any type', types: ANY, plan };
export const squeeze: OperatorGenerator = { op: 'SQUEEZE', supports: 'any type', types: ANY, plan };
export const expandDims: OperatorGenerator = { op: 'EXPAND_DIMS', supports: 'int8, int16, float32', types: ['int8', 'int16', 'float32'], plan: planExpandDims };

function planExpandDims(operator: Operator, context: PlanContext): LayerPlan {
  const { dtype } = inputTensor(context.graph, operator, 0);
  need(['int8', 'int16', 'float32'].includes(dtype), `the input is ${dtype}`);
  return plan(operator, context);
}

function plan(operator: Operator, { graph }: PlanContext): LayerPlan {
  const input = inputTensor(graph, operator, 0);
  const output = outputTensor(graph, operator);
  need(input.dtype === output.dtype, `${input.dtype} to ${output.dtype}: the types must be equal`);
  need(input.elements === output.elements, 'input and output differ in size');
  return copyLayer([{ input, output, axes: [{ count: output.elements, from: 1, to: 1 }] }]);
}
