import type { Operator } from '../../../model/graph.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { inputTensor, need, outputTensor } from '../refusal.ts';
import { pickedLayer } from './picked.ts';
import { constantOf, integer, needSameType, needShape, needType } from './read.ts';

const TYPES = ['int8', 'float32'];

/** The input inside a border of its mirror image. */
export const mirrorPad: OperatorGenerator = { op: 'MIRROR_PAD', supports: 'int8, float32; up to 6 dimensions, constant paddings, reflect or symmetric', types: TYPES, plan };

function plan(operator: Operator, { graph }: PlanContext): LayerPlan {
  const input = inputTensor(graph, operator, 0);
  const output = outputTensor(graph, operator);
  needType(input, TYPES);
  needSameType(input, output);
  const paddings = constantOf(graph, operator, 1, 'the paddings', ['int32', 'int64']);
  need(input.shape.length <= 6 && paddings.length === 2 * input.shape.length && paddings.every((padding) => padding >= 0), 'there must be two paddings a dimension, none of them negative, and 6 dimensions at most');
  const reflect = integer(operator, 'mode') === 0;
  const tables = input.shape.map((size, axis) => {
    const [before = 0, after = 0] = paddings.slice(2 * axis);
    const indices = Array.from({ length: size }, (_, i) => i);
    // REFLECT does not repeat the element at the edge.
    const edge = reflect ? 1 : 0;
    const head = Array.from({ length: before }, (_, i) => before - 1 - i + edge);
    const tail = Array.from({ length: after }, (_, i) => Math.max(0, size - 1 - edge - i));
    return [...head, ...indices, ...tail];
  });
  needShape(output, tables.map(({ length }) => length));
  return pickedLayer(input, output, tables, `  paddings [${paddings.join(', ')}], ${reflect ? 'reflect' : 'symmetric'}`);
}
