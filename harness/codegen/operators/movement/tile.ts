import type { Operator } from '../../../model/graph.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { inputTensor, need, outputTensor } from '../refusal.ts';
import { constantOf, needSameType, needShape, needType } from './read.ts';
import { copyLayer, MAX_LOOPS, mergeAxes, strides, type StridedCopy } from './strided.ts';

const TYPES = ['int8', 'uint8', 'int16', 'int32', 'int64', 'bool', 'float32'];
/** Calls of a layer: more would be a lot of code for a shape that no model has. */
const MAX_COPIES = 16;

/** The input again and again along each axis: one copy, for which every repetition is a loop with a stride of 0. */
export const tile: OperatorGenerator = { op: 'TILE', supports: `${TYPES.join(', ')}; constant multiples of at least 1`, types: TYPES, plan };

function plan(operator: Operator, { graph }: PlanContext): LayerPlan {
  const input = inputTensor(graph, operator, 0);
  const output = outputTensor(graph, operator);
  const { shape } = input;
  needType(input, TYPES);
  needSameType(input, output);
  const multiples = constantOf(graph, operator, 1, 'the multiples', ['int32', 'int64']);
  need(multiples.length === shape.length && multiples.every((multiple) => multiple >= 1), `the multiples are [${multiples.join(', ')}]; there must be one of at least 1 for each of ${shape.length} dimensions`);
  needShape(output, shape.map((size, axis) => size * (multiples[axis] as number)));
  const from = strides(shape);
  const to = strides(output.shape);
  const axes = shape.flatMap((size, axis) => {
    const step = to[axis] as number;
    return [{ count: multiples[axis] as number, from: 0, to: size * step }, { count: size, from: from[axis] as number, to: step }];
  });
  return copyLayer(withFewerLoops({ input, output, axes: mergeAxes(axes) }), [`  multiples [${multiples.join(', ')}]`]);
}

/** The same as several copies, where it has more loops than one may have. Throws Refusal where that takes too many. */
function withFewerLoops(copy: StridedCopy, atMost = MAX_COPIES): StridedCopy[] {
  if (copy.axes.length <= MAX_LOOPS) return [copy];
  const shortest = copy.axes.reduce((a, b) => (b.count < a.count ? b : a));
  need(shortest.count <= atMost, `more than ${MAX_LOOPS} loops`);
  const axes = copy.axes.filter((axis) => axis !== shortest);
  const { from = 0, to = 0 } = copy;
  return Array.from({ length: shortest.count }, (_, i) =>
    withFewerLoops({ ...copy, axes, from: from + i * shortest.from, to: to + i * shortest.to }, Math.floor(atMost / shortest.count))).flat();
}
