import type { Operator } from '../../../model/graph.ts';
import { meanMultiplier } from '../../../numerics/index.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { floatText } from '../../constants.ts';
import { factorText, requant } from '../../quantised.ts';
import { need, perTensor } from '../refusal.ts';
import { reducePlan } from './reduce-code.ts';
import { readReducedAxes } from './reduced-axes.ts';

const LIMITS = { int8: [-128, 127], int16: [-32768, 32767] } as const;

/** MEAN; see firmware/kernels/nn_reduce.h. */
export const mean: OperatorGenerator = {
  op: 'MEAN', supports: 'int8, int16, float32 over constant axes', types: ['int8', 'int16', 'float32'], plan: (operator, context) => plan(operator, context, true),
};

/** SUM; see firmware/kernels/nn_reduce.h. */
export const sum: OperatorGenerator = {
  op: 'SUM', supports: 'int8, int16, float32 over constant axes', types: ['int8', 'int16', 'float32'], plan: (operator, context) => plan(operator, context, false),
};

function plan(operator: Operator, context: PlanContext, isMean: boolean): LayerPlan {
  const axes = readReducedAxes(context.graph, operator);
  const { input, output, count } = axes;
  const { dtype } = input;
  if (dtype === 'float32') {
    need(!isMean || axes.listed <= 4, 'more than 4 axes');
    return reducePlan(axes, 'nn_run_sum_float', [`  .divisor = ${floatText(isMean ? count : 1)},`]);
  }
  need(dtype === 'int8' || dtype === 'int16', `input is ${dtype}; int8, int16 and float32 are supported`);
  const [x, y] = [perTensor(input, 'input'), perTensor(output, 'output')];
  const [low, high] = LIMITS[dtype];
  need(count * 2 * -low < 2 ** 31, `the sum of ${count} codes can leave int32`);
  context.rounding(operator);
  const fixed = requant(x.scale / y.scale, 'input / output');
  const factor = isMean ? meanMultiplier(fixed, count) : fixed;
  const last = axes.kept.at(-1);
  const ofRows = last?.step === 1 && last.count % 4 === 0;
  return reducePlan(axes, `nn_run_sum${ofRows ? '_of_rows' : ''}_${dtype}`, [
    `  .start = ${-x.zeroPoint * count}, .requant = ${factorText(factor)},`,
    `  .zero_point = ${y.zeroPoint}, .low = ${low}, .high = ${high},`,
  ]);
}
