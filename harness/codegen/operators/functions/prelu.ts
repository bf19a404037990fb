import type { Operator, Tensor } from '../../../model/graph.ts';
import { cTypeOf } from '../../c-types.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { requantText } from '../../quantised.ts';
import { codesOf } from '../code-form.ts';
import { planElementwise, readElementwise } from '../elementwise/binary.ts';
import { need } from '../refusal.ts';

const TYPES = ['int8', 'int16', 'float32'] as const;

export const prelu: OperatorGenerator = { op: 'PRELU', supports: 'int8, int16 with int8 alpha, float32 of up to 4 dimensions; any broadcast', types: TYPES, plan };

function plan(operator: Operator, context: PlanContext): LayerPlan {
  context.rounding(operator);
  const layer = readElementwise(operator, context, 2);
  const [input, alpha] = layer.operands as [Tensor, Tensor];
  const { output } = layer;
  const isFloat = input.dtype === 'float32';
  need(TYPES.some((type) => type === input.dtype), `the input is ${input.dtype}, not ${TYPES.join(', ')}`);
  need(output.dtype === input.dtype, `input is ${input.dtype}, output ${output.dtype}`);
  need(alpha.dtype === (isFloat ? 'float32' : 'int8'), `alpha is ${alpha.dtype}`);
  if (isFloat) {
    need(output.shape.length <= 4, 'more than 4 dimensions');
    return planElementwise(layer, { name: 'prelu', expression: 'x0 >= 0.0f ? x0 : x0 * x1' });
  }
  const [x, a, y] = [codesOf(input, 'input'), codesOf(alpha, 'alpha'), codesOf(output, 'output')];
  const end = input.dtype === 'int8' ? 128 : 32768;
  return planElementwise(layer, {
    name: 'prelu',
    expression: `(${cTypeOf(input.dtype)})nn_prelu_code(p, x0, x1)`,
    parameters: {
      type: 'nn_prelu',
      lines: [
        `.zero_points = {${x.zeroPoint}, ${a.zeroPoint}, ${y.zeroPoint}},`,
        `.identity = ${requantText(x.scale / y.scale, 'input / output')}, .slope = ${requantText((x.scale * a.scale) / y.scale, 'input * alpha / output')},`,
        `.low = ${-end}, .high = ${end - 1},`,
      ],
    },
    headers: ['nn_prelu.h'],
  });
}
