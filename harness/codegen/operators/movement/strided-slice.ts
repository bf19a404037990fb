import type { Operator } from '../../../model/graph.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { inputTensor, need, outputTensor } from '../refusal.ts';
import { constantOf, flag, integer, needSameType, needShape, needType } from './read.ts';
import { copyLayer, product, strides } from './strided.ts';

const TYPES = ['int8', 'int16', 'int32', 'bool', 'float32'];

/** Every stride-th element of each axis: one copy. */
export const stridedSlice: OperatorGenerator = {
  op: 'STRIDED_SLICE', supports: `${TYPES.join(', ')}; up to 4 dimensions, constant begin, end and strides for each; begin, end and shrink masks`, types: TYPES, plan,
};

/** What one axis of the input gives: `count` elements from `start` on. */
interface Picked {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

function plan(operator: Operator, { graph }: PlanContext): LayerPlan {
  const input = inputTensor(graph, operator, 0);
  const output = outputTensor(graph, operator);
  const { shape } = input;
  needType(input, TYPES);
  needSameType(input, output);
  need(shape.length <= 4, 'more than 4 dimensions');
  need(!flag(operator, 'offset'), 'ends that are offsets are not supported');
  const [begin, end, steps] = [1, 2, 3].map((slot) => constantOf(graph, operator, slot, 'a bound')) as [number[], number[], number[]];
  need([begin, end, steps].every(({ length }) => length === shape.length), 'begin, end and strides must have one value a dimension; ellipses and new axes are not supported');
  const has = (mask: string, axis: number): boolean => (integer(operator, mask) & (1 << axis)) !== 0;
  const picked = shape.map((size, axis): Picked => {
    const step = steps[axis] as number;
    need(step !== 0, 'a stride is 0');
    const bounds = { first: has('begin_mask', axis) ? null : (begin[axis] as number), last: has('end_mask', axis) ? null : (end[axis] as number) };
    if (!has('shrink_axis_mask', axis)) return range(size, step, bounds);
    const { start } = range(size, step, { ...bounds, last: null });
    need(step > 0 && start < size, 'an axis that shrinks has no element to keep');
    return { start, step: 1, count: 1 };
  });
  const kept = picked.filter((_, axis) => !has('shrink_axis_mask', axis));
  needShape(output, kept.map(({ count }) => count));
  need(product(picked.map(({ count }) => count)) > 0, 'nothing is cut out');
  const to = strides(output.shape);
  const from = strides(shape);
  return copyLayer([{
    input, output,
    from: picked.reduce((sum, { start }, axis) => sum + start * (from[axis] as number), 0),
    axes: picked.map((one, axis) => ({ count: one.count, from: one.step * (from[axis] as number), to: to[kept.indexOf(one)] ?? 0 })),
  }], [`  begin [${begin.join(', ')}], end [${end.join(', ')}], strides [${steps.join(', ')}]`]);
}

/** The indices of Python's range over a sequence of `size`: null is from or to its end in the direction of `step`. */
function range(size: number, step: number, { first, last }: { readonly first: number | null; readonly last: number | null }): Picked {
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
  const bound = (index: number): number => Math.max(low, Math.min(high, index < 0 ? index + size : index));
  const start = first === null ? (step > 0 ? low : high) : bound(first);
  const stop = last === null ? (step > 0 ? high : low) : bound(last);
  return { start, step, count: Math.max(0, Math.ceil((stop - start) / step)) };
}
