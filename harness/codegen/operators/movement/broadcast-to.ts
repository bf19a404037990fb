import type { Operator } from '../../../model/graph.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { inputTensor, need, outputTensor } from '../refusal.ts';
import { constantOf, needSameType, needShape } from './read.ts';
import { copyLayer, strides } from './strided.ts';

/** Axes of length 1 repeated: one copy with strides of 0. */
export const broadcastTo: OperatorGenerator = {
  op: 'BROADCAST_TO', supports: 'any type; up to 5 dimensions, constant shape', types: ['int8', 'int16', 'int32', 'int64', 'bool', 'float32'], plan,
};

function plan(operator: Operator, { graph }: PlanContext): LayerPlan {
  const input = inputTensor(graph, operator, 0);
  const output = outputTensor(graph, operator);
  needSameType(input, output);
  needShape(output, constantOf(graph, operator, 1, 'the shape', ['int32', 'int64']));
  const missing = output.shape.length - input.shape.length;
  need(output.shape.length <= 5 && missing >= 0, 'more than 5 dimensions, or fewer than the input has');
  const from = strides(input.shape);
  const to = strides(output.shape);
  const axes = output.shape.map((count, axis) => {
    const size = input.shape[axis - missing] ?? 1;
    need(size === 1 || size === count, `[${input.shape.join(', ')}] can't be broadcast to [${output.shape.join(', ')}]`);
    return { count, from: size === 1 ? 0 : (from[axis - missing] as number), to: to[axis] as number };
  });
  return copyLayer([{ input, output, axes }]);
}
