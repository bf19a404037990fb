import type { Operator, Tensor } from '../../../model/graph.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { inputTensor, need, outputTensor } from '../refusal.ts';
import { axisOf, constantOf, integer, needSameType, needShape, needType } from './read.ts';
import { copyLayer, product, type StridedCopy } from './strided.ts';

const TYPES = ['int8', 'int16', 'int32', 'float32'];

/** Parts along an axis, or single indices of it, each in an output of its own: one copy an output. */
export const split: OperatorGenerator = { op: 'SPLIT', supports: `${TYPES.join(', ')}; constant axis`, types: TYPES, plan: planSplit };
export const splitV: OperatorGenerator = { op: 'SPLIT_V', supports: `${TYPES.join(', ')}; constant axis`, types: TYPES, plan: planSplitV };
export const unpack: OperatorGenerator = { op: 'UNPACK', supports: TYPES.join(', '), types: TYPES, plan: planUnpack };

const outputs = (operator: Operator, { graph }: PlanContext): Tensor[] => operator.outputs.map((_, slot) => outputTensor(graph, operator, slot));

function planSplit(operator: Operator, context: PlanContext): LayerPlan {
  const parts = outputs(operator, context);
  for (const part of parts) needShape(part, parts[0]?.shape ?? []);
  return planParts(operator, context, 1, 0);
}

/** The sizes in input 1 are not looked at: the outputs have them. */
function planSplitV(operator: Operator, context: PlanContext): LayerPlan {
  return planParts(operator, context, 0, 2);
}

function planParts(operator: Operator, context: PlanContext, inputSlot: number, axisSlot: number): LayerPlan {
  const input = inputTensor(context.graph, operator, inputSlot);
  const axis = axisOf(constantOf(context.graph, operator, axisSlot, 'the axis')[0] ?? 0, input.shape.length);
  const parts = outputs(operator, context);
  for (const part of parts) needShape(part, input.shape.with(axis, part.shape[axis] ?? 0));
  return divide(input, parts, axis, parts.map((part) => part.shape[axis] as number));
}

function planUnpack(operator: Operator, context: PlanContext): LayerPlan {
  const input = inputTensor(context.graph, operator, 0);
  const axis = axisOf(integer(operator, 'axis'), input.shape.length);
  const parts = outputs(operator, context);
  need(integer(operator, 'num') === parts.length, 'num is not the number of outputs');
  for (const part of parts) needShape(part, input.shape.toSpliced(axis, 1));
  return divide(input, parts, axis, parts.map(() => 1));
}

function divide(input: Tensor, parts: readonly Tensor[], axis: number, lengths: readonly number[]): LayerPlan {
  needType(input, TYPES);
  const outer = product(input.shape.slice(0, axis));
  const inner = product(input.shape.slice(axis + 1));
  const total = (input.shape[axis] as number) * inner;
  let start = 0;
  const copies = parts.map((output, k): StridedCopy => {
    needSameType(input, output);
    const run = (lengths[k] as number) * inner;
    const from = start;
    start += run;
    return { input, output, from, axes: [{ count: outer, from: total, to: run }, { count: run, from: 1, to: 1 }] };
  });
  need(start === total, 'the outputs together are not as long as the input');
  return copyLayer(copies, [`  along axis ${axis}`]);
}
