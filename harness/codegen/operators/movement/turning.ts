import type { Operator } from '../../../model/graph.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { inputTensor, need, outputTensor } from '../refusal.ts';
import { axisOf, constantOf, needSameType, needShape, needType } from './read.ts';
import { copyLayer, strides } from './strided.ts';

const TRANSPOSED = ['int8', 'int16', 'float32'];
const REVERSED = ['int8', 'uint8', 'int16', 'int32', 'int64', 'bool', 'float32'];

/** Axis i of the output is axis permutation[i] of the input: one copy. */
export const transpose: OperatorGenerator = { op: 'TRANSPOSE', supports: `${TRANSPOSED.join(', ')}; up to 5 dimensions, constant permutation`, types: TRANSPOSED, plan: planTranspose };

/** Axes back to front: one copy with negative strides. */
export const reverseV2: OperatorGenerator = { op: 'REVERSE_V2', supports: `${REVERSED.join(', ')}; up to 6 dimensions, constant axes next to each other`, types: REVERSED, plan: planReverse };

function planTranspose(operator: Operator, { graph }: PlanContext): LayerPlan {
  const input = inputTensor(graph, operator, 0);
  const output = outputTensor(graph, operator);
  needType(input, TRANSPOSED);
  needSameType(input, output);
  need(input.shape.length <= 5, 'more than 5 dimensions');
  const permutation = constantOf(graph, operator, 1, 'the permutation');
  need(permutation.length === input.shape.length && input.shape.every((_, axis) => permutation.includes(axis)), `[${permutation.join(', ')}] is no permutation of ${input.shape.length} axes`);
  needShape(output, permutation.map((axis) => input.shape[axis] as number));
  const from = strides(input.shape);
  const to = strides(output.shape);
  return copyLayer([{ input, output, axes: permutation.map((axis, i) => ({ count: input.shape[axis] as number, from: from[axis] as number, to: to[i] as number })) }], [`  permutation [${permutation.join(', ')}]`]);
}

function planReverse(operator: Operator, { graph }: PlanContext): LayerPlan {
  const input = inputTensor(graph, operator, 0);
  const output = outputTensor(graph, operator);
  const { shape } = input;
  needType(input, REVERSED);
  needSameType(input, output);
  needShape(output, shape);
  need(shape.length <= 6, 'more than 6 dimensions');
  const axes = constantOf(graph, operator, 1, 'axes').map((axis) => axisOf(axis, shape.length));
  need(axes.length > 0 && new Set(axes).size === axes.length && Math.max(...axes) - Math.min(...axes) === axes.length - 1, 'the axes are not next to each other');
  const step = strides(shape);
  return copyLayer([{
    input, output, from: axes.reduce((sum, axis) => sum + ((shape[axis] as number) - 1) * (step[axis] as number), 0),
    axes: shape.map((count, axis) => ({ count, from: (axes.includes(axis) ? -1 : 1) * (step[axis] as number), to: step[axis] as number })),
  }], [`  axes [${axes.join(', ')}]`]);
}
