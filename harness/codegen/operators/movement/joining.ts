import type { Operator, Tensor } from '../../../model/graph.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { need, outputTensor } from '../refusal.ts';
import { axisOf, inputTensors, integer, needSameType, needShape, needType } from './read.ts';
import { copyLayer, product, type StridedCopy } from './strided.ts';

const CONCATENATED = ['int8', 'int16', 'int32', 'int64', 'bool', 'float32'];
const PACKED = ['int8', 'int16', 'int32', 'int64', 'float32'];

/** Inputs one after the other along an axis: one copy an input. */
export const concatenation: OperatorGenerator = {
  op: 'CONCATENATION', supports: `${CONCATENATED.join(', ')}; int8 of one scale and zero point; no fused activation`, types: CONCATENATED, plan: planConcatenation,
};

/** Inputs stacked along a new axis: the same with parts of length 1. */
export const pack: OperatorGenerator = { op: 'PACK', supports: PACKED.join(', '), types: PACKED, plan: planPack };

function planConcatenation(operator: Operator, { graph }: PlanContext): LayerPlan {
  const output = outputTensor(graph, operator);
  const inputs = inputTensors(graph, operator);
  needType(output, CONCATENATED);
  need(inputs.length <= 10, `${inputs.length} inputs; TFLM has up to 10`);
  need(integer(operator, 'fused_activation_function') === 0, 'a fused activation is not supported');
  const axis = axisOf(integer(operator, 'axis'), output.shape.length);
  for (const input of inputs) {
    needShape(input, output.shape.with(axis, input.shape[axis] ?? 0));
    needCodesFit(input, output);
  }
  return join(inputs, output, axis, inputs.map((input) => input.shape[axis] as number));
}

/** Throws Refusal where codes of one tensor would have to be rescaled for the other (int8), or have a zero point (int16). */
function needCodesFit(input: Tensor, output: Tensor): void {
  const [a, b] = [input.quantisation, output.quantisation];
  const zeroPoints = [a?.zeroPoint[0] ?? 0, b?.zeroPoint[0] ?? 0];
  if (output.dtype === 'int8') need((a?.scale[0] ?? 0) === (b?.scale[0] ?? 0) && zeroPoints[0] === zeroPoints[1], `input t${input.index} and the output differ in scale or zero point`);
  if (output.dtype === 'int16') need(zeroPoints.every((zeroPoint) => zeroPoint === 0), 'an int16 tensor has a zero point');
}

function planPack(operator: Operator, { graph }: PlanContext): LayerPlan {
  const output = outputTensor(graph, operator);
  const inputs = inputTensors(graph, operator);
  needType(output, PACKED);
  const axis = axisOf(integer(operator, 'axis'), output.shape.length);
  need(integer(operator, 'values_count') === inputs.length, 'values_count is not the number of inputs');
  for (const input of inputs) needShape(input, output.shape.toSpliced(axis, 1));
  return join(inputs, output, axis, inputs.map(() => 1));
}

function join(inputs: readonly Tensor[], output: Tensor, axis: number, lengths: readonly number[]): LayerPlan {
  const outer = product(output.shape.slice(0, axis));
  const inner = product(output.shape.slice(axis + 1));
  const total = (output.shape[axis] as number) * inner;
  let start = 0;
  const copies = inputs.map((input, k): StridedCopy => {
    needSameType(input, output);
    const run = (lengths[k] as number) * inner;
    const to = start;
    start += run;
    return { input, output, to, axes: [{ count: outer, from: run, to: total }, { count: run, from: 1, to: 1 }] };
  });
  need(start === total, 'the inputs together are not as long as the output');
  return copyLayer(copies, [`  along axis ${axis}`]);
}
