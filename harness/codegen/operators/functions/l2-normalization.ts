import type { Operator } from '../../../model/graph.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { elementPlan } from '../elements.ts';
import { inputTensor, int8Activation, need, outputTensor } from '../refusal.ts';

/** Greatest number of squares of differences of int8 codes in an int32. */
const MAX_DEPTH = 33025;

/** L2_NORMALIZATION over the last axis; see firmware/kernels/nn_l2_normalization.h. */
export const l2Normalization: OperatorGenerator = { op: 'L2_NORMALIZATION', supports: 'int8, float32; up to 4 dimensions', types: ['int8', 'float32'], plan };

function plan(operator: Operator, context: PlanContext): LayerPlan {
  context.rounding(operator);
  const input = inputTensor(context.graph, operator, 0);
  const output = outputTensor(context.graph, operator);
  const depth = input.shape.at(-1) ?? 0;
  need(input.dtype === output.dtype, `input is ${input.dtype}, output ${output.dtype}`);
  need(input.elements === output.elements && depth >= 1, 'input and output differ in size');
  need(input.shape.length <= 4, 'more than 4 dimensions');
  need(Number(operator.options['fused_activation_function'] ?? 0) === 0, 'has a fused activation');
  const rows = input.elements / depth;
  const note = [`over rows of ${depth}`];
  const headers = ['nn_l2_normalization.h'];
  if (input.dtype === 'float32') return elementPlan(input, output, note, (from, to) => ({ body: [`nn_run_l2_normalization_float(${rows}, ${depth}, ${from}, ${to});`], headers }));
  const { zeroPoint } = int8Activation(input, 'input');
  need(depth <= MAX_DEPTH, `rows of ${depth}; ${MAX_DEPTH} at the most`);
  return elementPlan(input, output, note, (from, to) => ({ body: [`nn_run_l2_normalization(${rows}, ${depth}, ${zeroPoint}, ${from}, ${to});`], headers }));
}
