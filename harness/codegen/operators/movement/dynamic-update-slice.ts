import type { Operator } from '../../../model/graph.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { describe, inputTensor, need, outputTensor } from '../refusal.ts';
import { movableAxes, placeStatements } from './place.ts';
import { needSameType, needShape, needType } from './read.ts';
import { CopyTables, runsOf, strides } from './strided.ts';

const TYPES = ['int8', 'int16', 'int32', 'float32'];

/** The operand, in place where it can be, with a box of it replaced at a place that is clamped to lie inside. */
export const dynamicUpdateSlice: OperatorGenerator = {
  op: 'DYNAMIC_UPDATE_SLICE', supports: `${TYPES.join(', ')}; up to 6 dimensions, int32 or int64 start, constant or computed`, types: TYPES, plan,
};

function plan(operator: Operator, { graph }: PlanContext): LayerPlan {
  const [operand, update, start] = [0, 1, 2].map((slot) => inputTensor(graph, operator, slot)) as [ReturnType<typeof inputTensor>, ReturnType<typeof inputTensor>, ReturnType<typeof inputTensor>];
  const output = outputTensor(graph, operator);
  const { shape } = operand;
  needType(operand, TYPES);
  needType(start, ['int32', 'int64']);
  needSameType(operand, update);
  needSameType(operand, output);
  needShape(output, shape);
  needShape(start, [shape.length]);
  const box = update.shape;
  need(shape.length >= 1 && shape.length <= 6, `${shape.length} dimensions; 1 to 6 are supported`);
  need(box.length === shape.length && box.every((size, axis) => size >= 1 && size <= (shape[axis] as number)), 'the update is no box of the operand');
  const step = strides(shape);
  const from = strides(box);
  const copy = { input: update, output, axes: box.map((count, axis) => ({ count, from: from[axis] as number, to: step[axis] as number })) };
  return {
    scratchBytes: 0,
    inPlace: [{ output: 0, input: 0 }],
    emit(context) {
      const movable = movableAxes(shape, box);
      const tables = new CopyTables();
      const runs = runsOf(copy, false, [...movable.map(({ stride }) => stride), output.elements]);
      const whole = runsOf({ input: operand, output, axes: [{ count: output.elements, from: 1, to: 1 }] });
      // The box overwrites what the copy wrote: a compiler may reorder words and halfwords, but neither with bytes.
      const common = Math.min(runs.unit, whole.unit);
      const name = tables.copy(common > 1 ? { ...runs, unit: common } : runs);
      return {
        comment: [describe('operand', operand), describe('update', update), describe('start', start), describe('output', output)],
        body: [
          ...tables.lines, ...placeStatements(context.operand(start), movable),
          ...(context.plan.sameBuffer(operand.index, output.index) ? [] : [`nn_copy_run(${context.operand(operand)}, ${context.pointer(output)}, ${whole.run}, ${common > 1 ? common : whole.unit});`]),
          `nn_run_strided_copy(&${name}, ${context.operand(update)}, &${context.pointer(output)}[place]);`,
        ],
        state: [], headers: ['nn_strided_copy.h'],
      };
    },
  };
}
