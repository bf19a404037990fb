import type { Operator, Tensor } from '../../../model/graph.ts';
import { leastQuotientShift, MAX_QUOTIENT_SHIFT } from '../../../numerics/index.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { asInt32, asInt8, requant } from '../../quantised.ts';
import { need } from '../refusal.ts';
import { planElementwise, readBinary } from './binary.ts';
import { clampedFloat, clampedInt, needUnquantised, outputText, readCodes } from './ranges.ts';

const TYPES = ['int8', 'int32', 'float32'] as const;

export const div: OperatorGenerator = {
  op: 'DIV',
  supports: 'int8 where s0 / (s1 * output scale) is 64 to 2^23, int32 without scale, float32; any broadcast',
  types: TYPES,
  plan,
};

function plan(operator: Operator, context: PlanContext): LayerPlan {
  const layer = readBinary(operator, context, TYPES);
  if (layer.dtype === 'float32') return planElementwise(layer, clampedFloat(operator, 'divide', 'x0 / x1'));
  const [left, right] = layer.operands as [Tensor, Tensor];
  if (layer.dtype === 'int32') {
    needUnquantised(layer.operands);
    need(right.data === null || !asInt32(right.data).includes(0), 'a constant divisor is 0');
    const element = clampedInt(operator, 'divide', 'nn_divide_int32(x0, x1)');
    return planElementwise(layer, { ...element, headers: [...element.headers, 'nn_divide.h'] });
  }
  const a = readCodes(left, 'operand 0');
  const b = readCodes(right, 'operand 1');
  const y = readCodes(layer.output, 'the output');
  const rounded = context.rounding(operator).scales === 'double' ? (x: number): number => x : Math.fround;
  const { multiplier, shift } = requant(rounded(a.scale / rounded(b.scale * y.scale)), 'the output factor');
  const divisors = right.data === null ? [-128, 127] : [...asInt8(right.data)];
  need(right.data === null || !divisors.includes(b.zeroPoint), 'a constant divisor is 0');
  const least = leastQuotientShift(Math.max(...divisors.map((code) => Math.abs(code - b.zeroPoint))));
  need(shift >= least && shift <= MAX_QUOTIENT_SHIFT, `the output factor must be between 2^${least - 1} and 2^${MAX_QUOTIENT_SHIFT}: outside, TFLM is undefined`);
  return planElementwise(layer, {
    name: 'divide',
    expression: '(int8_t)nn_divide_codes(p, x0, x1)',
    parameters: { type: 'nn_divide', lines: [`.zero_points = {${a.zeroPoint}, ${b.zeroPoint}}, .multiplier = ${multiplier}, .left = ${shift},`, outputText(operator, layer.output)] },
    headers: ['nn_divide.h'],
  });
}
