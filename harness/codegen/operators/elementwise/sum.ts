import type { Operator, Tensor } from '../../../model/graph.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { cTypeOf } from '../../c-types.ts';
import { foldAdd, readSum } from '../../layers/add.ts';
import { factorText } from '../../quantised.ts';
import { chooseKernel } from '../../targets/kernel-set.ts';
import { planElementwise, readBinary, type ElementFunction, type ElementwiseLayer } from './binary.ts';
import { clampedFloat, clampedInt, needUnquantised, outputText } from './ranges.ts';

const TYPES = ['int8', 'int16', 'int32', 'float32'] as const;
const SUPPORTS = 'int8, int16, float32, int32 without scale; any broadcast';

export const add: OperatorGenerator = { op: 'ADD', supports: SUPPORTS, types: TYPES, plan: planAdd };
export const sub: OperatorGenerator = { op: 'SUB', supports: SUPPORTS, types: TYPES, plan: planSub };

function planAdd(operator: Operator, context: PlanContext): LayerPlan {
  const layer = readBinary(operator, context, TYPES);
  switch (layer.dtype) {
    case 'float32': return planElementwise(layer, clampedFloat(operator, 'add', 'x0 + x1'));
    case 'int32':
      needUnquantised(layer.operands);
      // TFLM ignores the fused activation of an int32 ADD.
      return planElementwise(layer, { name: 'add', expression: 'nn_wrapping_add(x0, x1)', headers: ['nn_plain.h'] });
    default: {
      const sum = readSum(operator, layer.operands as [Tensor, Tensor], layer.output, context.rounding(operator));
      const isFlat = layer.loops.length === 1 && layer.loops[0]?.strides.every((stride) => stride === 1);
      return layer.dtype === 'int8' && isFlat && foldAdd(sum) !== null ? chooseKernel(context.target, 'add', sum) : planElementwise(layer, quantised('add', 'nn_add_codes', layer, sum));
    }
  }
}

function planSub(operator: Operator, context: PlanContext): LayerPlan {
  const layer = readBinary(operator, context, TYPES);
  switch (layer.dtype) {
    case 'float32': return planElementwise(layer, clampedFloat(operator, 'subtract', 'x0 - x1'));
    case 'int32':
      needUnquantised([...layer.operands, layer.output]);
      return planElementwise(layer, clampedInt(operator, 'subtract', 'nn_wrapping_subtract(x0, x1)'));
    default: return planElementwise(layer, quantised('subtract', 'nn_subtract_codes', layer, readSum(operator, layer.operands as [Tensor, Tensor], layer.output, context.rounding(operator))));
  }
}

function quantised(name: string, kernel: string, { operator, output }: ElementwiseLayer, { zeroPoints, factors, factor, left }: ReturnType<typeof readSum>): ElementFunction {
  return {
    name,
    expression: `(${cTypeOf(output.dtype)})${kernel}(p, x0, x1)`,
    parameters: {
      type: 'nn_sum',
      lines: [`.zero_points = {${zeroPoints.join(', ')}}, .factors = {${factors.map(factorText).join(', ')}},`, `.factor = ${factorText(factor)}, .left = ${left},`, outputText(operator, output)],
    },
    headers: ['nn_sum.h'],
  };
}
