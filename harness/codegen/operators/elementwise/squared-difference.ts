import type { Operator, Tensor } from '../../../model/graph.ts';
import { cTypeOf } from '../../c-types.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { requantText } from '../../quantised.ts';
import { planElementwise, readBinary } from './binary.ts';
import { outputText, readCodes } from './ranges.ts';

const TYPES = ['int8', 'int16', 'int32', 'float32'] as const;

export const squaredDifference: OperatorGenerator = { op: 'SQUARED_DIFFERENCE', supports: 'int8, int16, int32, float32; any broadcast', types: TYPES, plan };

function plan(operator: Operator, context: PlanContext): LayerPlan {
  const layer = readBinary(operator, context, TYPES);
  const name = 'squared_difference';
  if (layer.dtype === 'float32') return planElementwise(layer, { name, expression: '(x0 - x1) * (x0 - x1)' });
  if (layer.dtype === 'int32') {
    return planElementwise(layer, { name, expression: 'nn_wrapping_multiply(nn_wrapping_subtract(x0, x1), nn_wrapping_subtract(x0, x1))', headers: ['nn_plain.h'] });
  }
  const [left, right] = layer.operands as [Tensor, Tensor];
  const a = readCodes(left, 'operand 0');
  const b = readCodes(right, 'operand 1');
  const y = readCodes(layer.output, 'the output');
  const bits = layer.dtype === 'int16' ? 0 : 7;
  const twice = 2 * Math.max(a.scale, b.scale);
  const factor = (twice * twice) / Math.fround(2 ** (2 * bits) * y.scale);
  return planElementwise(layer, {
    name,
    expression: `(${cTypeOf(layer.dtype)})nn_squared_difference_codes(p, x0, x1)`,
    parameters: {
      type: 'nn_squared_difference',
      lines: [
        `.zero_points = {${a.zeroPoint}, ${b.zeroPoint}},`,
        `.factors = {${requantText(a.scale / twice, 'the factor of operand 0')}, ${requantText(b.scale / twice, 'the factor of operand 1')}},`,
        `.factor = ${requantText(factor, 'the output factor')}, .left = ${bits},`,
        outputText(operator, layer.output),
      ],
    },
    headers: ['nn_squared_difference.h'],
  });
}
