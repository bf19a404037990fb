import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import type { Operator } from '../../../model/graph.ts';
import { requant } from '../../quantised.ts';
import { describe, inputTensor, int8Activation, need, outputTensor } from '../refusal.ts';

/** Greatest number of classes whose exponentials can be summed in Q12.19. */
const MAX_DEPTH = 4095;

/** SOFTMAX int8 to int8 over the last axis; see firmware/kernels/nn_softmax.h. */
export const softmax: OperatorGenerator = { op: 'SOFTMAX', supports: 'int8 to int8 over the last axis', types: ['int8'], plan };

function plan(operator: Operator, context: PlanContext): LayerPlan {
  const input = inputTensor(context.graph, operator, 0);
  const output = outputTensor(context.graph, operator);
  const x = int8Activation(input, 'input');
  const y = int8Activation(output, 'output');
  need(y.scale === 1 / 256 && y.zeroPoint === -128, 'the output must have scale 1/256 and zero point -128');
  need(input.elements === output.elements, 'input and output differ in size');
  const depth = input.shape.at(-1) ?? 0;
  need(depth >= 1 && depth <= MAX_DEPTH, `${depth} classes; 1 to ${MAX_DEPTH} are supported`);
  const beta = Math.fround(Number(operator.options['beta'] ?? 1));
  need(beta > 0, 'beta must be positive');

  // numerics: differences of codes go to Q5.26; those under diff_min would leave it, and their exponential is 0 anyway.
  const real = Math.min(beta * x.scale * 2 ** 26, 2 ** 31 - 1);
  const { multiplier, shift } = requant(real, 'the input factor');
  need(real > 1 && shift >= 0, 'the scale of the input is too small');
  const diffMin = -Math.floor((31 * 2 ** 26) / 2 ** shift);
  const emit: LayerPlan['emit'] = (emitted) => ({
    comment: [describe('input', input), describe('output', output), `  over rows of ${depth}, beta ${beta}`],
    body: [
      'static const nn_softmax layer = {',
      `  .rows = ${input.elements / depth}, .depth = ${depth},`,
      `  .multiplier = ${multiplier}, .left = ${shift}, .diff_min = ${diffMin},`,
      '};',
      `nn_run_softmax(&layer, ${emitted.pointer(input)}, ${emitted.pointer(output)});`,
    ],
    state: [],
    headers: ['nn_softmax.h'],
  });
  return { scratchBytes: 0, emit };
}
