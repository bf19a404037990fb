import type { DType, Operator } from '../../../model/graph.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { requantText } from '../../quantised.ts';
import { need } from '../refusal.ts';
import { planElementwise, readBinary } from './binary.ts';
import { readCodes } from './ranges.ts';

const ORDERED: readonly DType[] = ['int8', 'int32', 'int64', 'float32'];
const WITH_BOOL: readonly DType[] = ['bool', ...ORDERED];

const generator = (op: string, sign: string, types: readonly DType[]): OperatorGenerator => ({
  op,
  supports: `${types.join(', ')} to bool; any broadcast`,
  types,
  plan: (operator, context) => plan(operator, context, sign, types),
});

function plan(operator: Operator, context: PlanContext, sign: string, types: readonly DType[]): LayerPlan {
  const layer = readBinary(operator, context, types, 'bool');
  const name = operator.name.toLowerCase();
  if (layer.dtype !== 'int8') return planElementwise(layer, { name, expression: `x0 ${sign} x1 ? 1 : 0` });
  const codes = layer.operands.map((operand, k) => readCodes(operand, `operand ${k}`));
  for (const { scale } of codes) need(scale < 1, `scale ${scale} is not below 1`);
  return planElementwise(layer, {
    name,
    expression: `nn_compare_value(p, 0, x0) ${sign} nn_compare_value(p, 1, x1) ? 1 : 0`,
    parameters: {
      type: 'nn_compare',
      lines: [`.zero_points = {${codes.map(({ zeroPoint }) => zeroPoint).join(', ')}},`, `.factors = {${codes.map(({ scale }, k) => requantText(scale, `scale ${k}`)).join(', ')}},`],
    },
    headers: ['nn_compare.h'],
  });
}

export const comparisons: readonly OperatorGenerator[] = [
  generator('EQUAL', '==', WITH_BOOL),
  generator('NOT_EQUAL', '!=', WITH_BOOL),
  generator('LESS', '<', ORDERED),
  generator('LESS_EQUAL', '<=', ORDERED),
  generator('GREATER', '>', ORDERED),
  generator('GREATER_EQUAL', '>=', ORDERED),
];
