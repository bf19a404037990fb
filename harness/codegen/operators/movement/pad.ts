import type { Operator } from '../../../model/graph.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { describe, inputTensor, need, optionalInput, outputTensor } from '../refusal.ts';
import { paddedStatements } from './padded.ts';
import { codePattern, tensorPattern } from './pattern.ts';
import { constantOf, needSameType, needShape, needType } from './read.ts';
import { elementBytes, strides } from './strided.ts';

const TYPES = ['int8', 'int16', 'int32', 'float32'];
const SUPPORTS = `${TYPES.join(', ')}; up to 5 dimensions, constant paddings`;

/** The input inside a border of one value; see firmware/kernels/nn_fill.h. */
export const pad: OperatorGenerator = { op: 'PAD', supports: SUPPORTS, types: TYPES, plan };
export const padV2: OperatorGenerator = { op: 'PADV2', supports: SUPPORTS, types: TYPES, plan };

function plan(operator: Operator, { graph }: PlanContext): LayerPlan {
  const input = inputTensor(graph, operator, 0);
  const output = outputTensor(graph, operator);
  const value = optionalInput(graph, operator, 2);
  needType(input, TYPES);
  needSameType(input, output);
  need(input.shape.length <= 5, 'more than 5 dimensions');
  const paddings = constantOf(graph, operator, 1, 'the paddings');
  need(paddings.length === 2 * input.shape.length && paddings.every((padding) => padding >= 0), 'there must be two paddings a dimension, none of them negative');
  needShape(output, input.shape.map((size, axis) => size + (paddings[2 * axis] as number) + (paddings[2 * axis + 1] as number)));
  const zeroPoint = output.dtype === 'int8' ? (output.quantisation?.zeroPoint[0] ?? 0) : 0;
  if (value !== null) {
    needSameType(value, output);
    need(value.elements === 1, 'the value is no scalar');
    const [a, b] = [value.quantisation, output.quantisation];
    need(output.dtype !== 'int8' || ((a?.scale[0] ?? 0) === (b?.scale[0] ?? 0) && (a?.zeroPoint[0] ?? 0) === zeroPoint), 'value and output differ in scale or zero point');
  } else {
    need(zeroPoint >= -128 && zeroPoint <= 127, 'the zero point is no int8 code');
  }
  const from = strides(input.shape);
  const to = strides(output.shape);
  const piece = {
    input, output, start: 0, length: output.elements,
    to: to.reduce((sum, stride, axis) => sum + stride * (paddings[2 * axis] as number), 0),
    axes: input.shape.map((count, axis) => ({ count, from: from[axis] as number, to: to[axis] as number })),
  };
  return {
    scratchBytes: 0,
    emit: (context) => ({
      comment: [describe('input', input), describe('output', output), `  paddings [${paddings.join(', ')}]`],
      body: paddedStatements(context, [piece], value === null ? codePattern(zeroPoint, elementBytes(output)) : tensorPattern(context, value)),
      state: [], headers: ['nn_fill.h'],
    }),
  };
}
