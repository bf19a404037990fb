import type { Operator, Tensor } from '../../../model/graph.ts';
import { productMultiplier } from '../../../numerics/index.ts';
import { cTypeOf } from '../../c-types.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { requantText } from '../../quantised.ts';
import { planElementwise, readBinary } from './binary.ts';
import { clampedFloat, clampedInt, outputText, readCodes } from './ranges.ts';

const TYPES = ['int8', 'int16', 'int32', 'float32'] as const;

export const mul: OperatorGenerator = { op: 'MUL', supports: 'int8, int16, int32, float32; any broadcast', types: TYPES, plan };

function plan(operator: Operator, context: PlanContext): LayerPlan {
  const layer = readBinary(operator, context, TYPES);
  if (layer.dtype === 'float32') return planElementwise(layer, clampedFloat(operator, 'multiply', 'x0 * x1'));
  if (layer.dtype === 'int32') return planElementwise(layer, clampedInt(operator, 'multiply', 'nn_wrapping_multiply(x0, x1)'));
  const [left, right] = layer.operands as [Tensor, Tensor];
  const a = readCodes(left, 'operand 0');
  const b = readCodes(right, 'operand 1');
  const factor = productMultiplier(a.scale, b.scale, readCodes(layer.output, 'the output').scale, 'double');
  return planElementwise(layer, {
    name: 'multiply',
    expression: `(${cTypeOf(layer.dtype)})nn_multiply_codes(p, x0, x1)`,
    parameters: { type: 'nn_multiply', lines: [`.zero_points = {${a.zeroPoint}, ${b.zeroPoint}}, .factor = ${requantText(factor, 'the output factor')},`, outputText(operator, layer.output)] },
    headers: ['nn_multiply.h'],
  });
}
