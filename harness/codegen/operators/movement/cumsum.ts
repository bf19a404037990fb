import type { Operator } from '../../../model/graph.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { factorText, requant } from '../../quantised.ts';
import { describe, inputTensor, int8Activation, need, outputTensor } from '../refusal.ts';
import { axisOf, constantOf, flag, needSameType, needShape, needType } from './read.ts';
import { product } from './strided.ts';

const TYPES = ['int8', 'float32'];

/** Running sums along an axis; see firmware/kernels/nn_cumsum.h. */
export const cumsum: OperatorGenerator = { op: 'CUMSUM', supports: 'int8, float32; constant axis', types: TYPES, plan };

function plan(operator: Operator, context: PlanContext): LayerPlan {
  const input = inputTensor(context.graph, operator, 0);
  const output = outputTensor(context.graph, operator);
  needType(input, TYPES);
  needSameType(input, output);
  needShape(output, input.shape);
  const axis = axisOf(constantOf(context.graph, operator, 1, 'the axis')[0] ?? 0, input.shape.length);
  const [reverse, exclusive] = [flag(operator, 'reverse'), flag(operator, 'exclusive')];
  const sizes = [product(input.shape.slice(0, axis)), input.shape[axis], product(input.shape.slice(axis + 1)), Number(reverse), Number(exclusive)];
  const codes: string[] = [];
  if (input.dtype === 'int8') {
    const [x, y] = [int8Activation(input, 'input'), int8Activation(output, 'output')];
    context.rounding(operator);
    const factor = requant((2 * x.scale) / (2 ** 20 * y.scale), 'twice the input scale over the output scale');
    need(factor.shift <= 0, 'the output scale is less than 2^-19 of the input scale');
    codes.push(`static const nn_cumsum_codes codes = {${x.zeroPoint}, ${y.zeroPoint}, ${factorText(factor)}};`);
  }
  return {
    scratchBytes: 0,
    inPlace: [{ output: 0, input: 0 }],
    emit: (emitted) => ({
      comment: [describe('input', input), describe('output', output), `  along axis ${axis}${reverse ? ', from its end' : ''}${exclusive ? ', each without itself' : ''}`],
      body: [
        `static const nn_cumsum layer = {${sizes.join(', ')}};`, ...codes,
        `nn_run_cumsum${codes.length > 0 ? '(&layer, &codes' : '_float(&layer'}, ${emitted.operand(input)}, ${emitted.pointer(output)});`,
      ],
      state: [], headers: ['nn_cumsum.h'],
    }),
  };
}
