import type { Operator, Tensor } from '../../../model/graph.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { describe, inputTensor, need, outputTensor } from '../refusal.ts';
import { movableAxes, placeStatements } from './place.ts';
import { constantOf, needSameType, needShape, needType } from './read.ts';
import { CopyTables, copyLayer, runsOf, strides } from './strided.ts';

const TYPES = ['int8', 'int16', 'int32', 'bool', 'float32'];

/** A box of the input: one copy, from a place that may be computed and is then clamped so that the box lies inside. */
export const slice: OperatorGenerator = { op: 'SLICE', supports: `${TYPES.join(', ')}; up to 5 dimensions, constant size`, types: TYPES, plan };

function plan(operator: Operator, { graph }: PlanContext): LayerPlan {
  const input = inputTensor(graph, operator, 0);
  const begin = inputTensor(graph, operator, 1);
  const output = outputTensor(graph, operator);
  const { shape } = input;
  needType(input, TYPES);
  needSameType(input, output);
  needType(begin, ['int32', 'int64']);
  needSameType(begin, inputTensor(graph, operator, 2));
  need(shape.length <= 5, 'more than 5 dimensions');
  const size = constantOf(graph, operator, 2, 'size', ['int32', 'int64']);
  need(begin.elements === shape.length && size.length === shape.length, 'begin and size must have one value a dimension');
  const from = strides(shape);
  const to = strides(output.shape);
  const axes = output.shape.map((count, axis) => ({ count, from: from[axis] as number, to: to[axis] as number }));
  if (begin.data === null) {
    needShape(output, size);
    return planComputed(input, begin, output, axes);
  }
  const start = constantOf(graph, operator, 1, 'begin', ['int32', 'int64']);
  const lengths = shape.map((length, axis) => (size[axis] === -1 ? length - (start[axis] as number) : (size[axis] as number)));
  need(shape.every((length, axis) => (start[axis] as number) >= 0 && (start[axis] as number) + (lengths[axis] as number) <= length), 'the box is not inside the input');
  needShape(output, lengths);
  return copyLayer([{ input, output, from: from.reduce((sum, stride, axis) => sum + stride * (start[axis] as number), 0), axes }], [`  from [${start.join(', ')}]`]);
}

function planComputed(input: Tensor, begin: Tensor, output: Tensor, axes: Parameters<typeof runsOf>[0]['axes']): LayerPlan {
  need(output.elements > 0 && output.shape.every((size, axis) => size <= (input.shape[axis] as number)), 'the box is empty or larger than the input');
  const movable = movableAxes(input.shape, output.shape);
  return {
    scratchBytes: 0,
    emit(context) {
      const tables = new CopyTables();
      const name = tables.copy(runsOf({ input, output, axes }, false, movable.map(({ stride }) => stride)));
      return {
        comment: [describe('input', input), describe('begin', begin), describe('output', output)],
        body: [...tables.lines, ...placeStatements(context.operand(begin), movable), `nn_run_strided_copy(&${name}, &${context.operand(input)}[place], ${context.pointer(output)});`],
        state: [], headers: ['nn_strided_copy.h'],
      };
    },
  };
}
