import type { Operator } from '../../../model/graph.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { describe, inputTensor, need, outputTensor } from '../refusal.ts';
import { axisOf, constantOf, needShape, needType } from './read.ts';
import { product } from './strided.ts';

const TYPES = ['int8', 'float32'];
const SUPPORTS = 'int8, float32 to int32; constant axis';

/** Index of the greatest or least element along an axis; see firmware/kernels/nn_arg_extreme.h. */
export const argMax: OperatorGenerator = { op: 'ARG_MAX', supports: SUPPORTS, types: TYPES, plan: (operator, context) => plan(operator, context, 0) };
export const argMin: OperatorGenerator = { op: 'ARG_MIN', supports: SUPPORTS, types: TYPES, plan: (operator, context) => plan(operator, context, -1) };

function plan(operator: Operator, { graph }: PlanContext, flip: 0 | -1): LayerPlan {
  const input = inputTensor(graph, operator, 0);
  const output = outputTensor(graph, operator);
  needType(input, TYPES);
  needType(output, ['int32']);
  const axis = axisOf(constantOf(graph, operator, 1, 'the axis')[0] ?? 0, input.shape.length);
  needShape(output, input.shape.toSpliced(axis, 1));
  need(input.elements > 0, 'the input is empty');
  const sizes = [product(input.shape.slice(0, axis)), input.shape[axis], product(input.shape.slice(axis + 1))];
  return {
    scratchBytes: 0,
    emit: (context) => ({
      comment: [describe('input', input), describe('output', output), `  along axis ${axis}`],
      body: [
        `static const nn_arg_extreme layer = {${sizes.join(', ')}};`,
        `nn_run_arg_extreme${input.dtype === 'int8' ? '' : '_float'}(&layer, ${flip}, ${context.operand(input)}, ${context.pointer(output)});`,
      ],
      state: [], headers: ['nn_arg_extreme.h'],
    }),
  };
}
