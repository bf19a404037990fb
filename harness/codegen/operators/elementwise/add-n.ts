import type { Operator, Tensor } from '../../../model/graph.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { factorText, requant } from '../../quantised.ts';
import { need } from '../refusal.ts';
import { planElementwise, readElementwise, type ElementwiseLayer } from './binary.ts';
import { outputText, readCodes } from './ranges.ts';

/** Greatest number of int8 operands whose sum stays in int32. */
const MAX_OPERANDS = 15;

export const addN: OperatorGenerator = {
  op: 'ADD_N',
  supports: 'float32, int8 with one scale and zero point for at most 15 operands',
  types: ['int8', 'float32'],
  plan,
};

function plan(operator: Operator, context: PlanContext): LayerPlan {
  need(operator.inputs.length >= 2, `has ${operator.inputs.length} operands`);
  const layer = readElementwise(operator, context, operator.inputs.length);
  const { operands, output } = layer;
  for (const { dtype, shape } of operands) {
    need(dtype === output.dtype, `an operand is ${dtype}, the output ${output.dtype}`);
    need(shape.join() === output.shape.join(), 'operands and output differ in shape');
  }
  const elements = operands.map((_, k) => `x${k}`);
  const name = `add_${operands.length}`;
  if (output.dtype === 'float32') return planElementwise(layer, { name, expression: ['0.0f', ...elements].join(' + ') });
  need(output.dtype === 'int8', `operands are ${output.dtype}, not int8 or float32`);
  return quantised(operator, layer, name, elements.join(' + '));
}

function quantised(operator: Operator, layer: ElementwiseLayer, name: string, sum: string): LayerPlan {
  const { operands, output } = layer;
  need(operands.length <= MAX_OPERANDS, `${operands.length} operands; ${MAX_OPERANDS} at the most`);
  const [first, ...others] = operands.map((operand: Tensor, k) => readCodes(operand, `operand ${k}`));
  need(first !== undefined && others.every(({ scale, zeroPoint }) => scale === first.scale && zeroPoint === first.zeroPoint), 'operands differ in scale or zero point');
  const real = (2 * first.scale) / (2 ** 20 * readCodes(output, 'the output').scale);
  need(real < 1, 'the output scale is too small for the operands');
  return planElementwise(layer, {
    name,
    expression: `(int8_t)nn_add_n_output(p, ${sum})`,
    parameters: { type: 'nn_add_n', lines: [`.start = ${-(operands.length + 1) * first.zeroPoint}, .factor = ${factorText(requant(real, 'the output factor'))},`, outputText(operator, output)] },
    headers: ['nn_add_n.h'],
  });
}
