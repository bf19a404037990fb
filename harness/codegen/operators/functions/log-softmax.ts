import type { Operator } from '../../../model/graph.ts';
import { logSoftmaxTables } from '../../../numerics/codes/index.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { factorText } from '../../quantised.ts';
import { codesOf, supported } from '../code-form.ts';
import { elementPlan } from '../elements.ts';
import { inputTensor, int8Activation, need, outputTensor } from '../refusal.ts';
import { exponentialTable, MAX_DEPTH } from './softmax.ts';

/** LOG_SOFTMAX over the last axis; see firmware/kernels/nn_log_softmax.h and nn_log_softmax_float.h. */
export const logSoftmax: OperatorGenerator = { op: 'LOG_SOFTMAX', supports: 'int8 to scale 1/16 and zero point 127, float32; over the last axis', types: ['int8', 'float32'], plan };

function plan(operator: Operator, { graph }: PlanContext): LayerPlan {
  const input = inputTensor(graph, operator, 0);
  const output = outputTensor(graph, operator);
  const depth = input.shape.at(-1) ?? 0;
  need(input.dtype === output.dtype, `input is ${input.dtype}, output ${output.dtype}`);
  need(input.elements === output.elements && depth >= 1, 'input and output differ in size');
  const rows = input.elements / depth;
  const note = [`over rows of ${depth}`];
  if (input.dtype === 'float32') {
    return elementPlan(input, output, note, (from, to) => ({ body: [`nn_run_log_softmax_float(${rows}, ${depth}, ${from}, ${to});`], headers: ['nn_log_softmax_float.h'] }));
  }
  need(depth <= MAX_DEPTH, `${depth} classes; 1 to ${MAX_DEPTH} are supported`);
  const x = int8Activation(input, 'input');
  const { exponentials, reverse } = supported(() => logSoftmaxTables(x, codesOf(output, 'output')));
  const { multiplier, shift } = exponentials.factor;
  return elementPlan(input, output, note, (from, to, context) => {
    const { symbol, count } = exponentialTable(context, exponentials);
    return {
      body: [
        'static const nn_log_softmax layer = {',
        `  .softmax = {.rows = ${rows}, .depth = ${depth}, .exp = ${symbol}, .count = ${count}},`,
        `  .multiplier = ${multiplier}, .left = ${shift}, .least = ${-exponentials.count}, .reverse = ${factorText(reverse)},`,
        '};',
        `nn_run_log_softmax(&layer, ${from}, ${to});`,
      ],
      headers: ['nn_log_softmax.h'],
    };
  });
}
