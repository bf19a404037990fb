import type { Operator } from '../../../model/graph.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { need, perTensor } from '../refusal.ts';
import { reducePlan } from './reduce-code.ts';
import { readReducedAxes } from './reduced-axes.ts';

const SUPPORTS = 'int8, float32 over constant axes; input and output of one scale and zero point';
const TYPES = ['int8', 'float32'];

/** REDUCE_MAX; see firmware/kernels/nn_reduce.h. */
export const reduceMax: OperatorGenerator = { op: 'REDUCE_MAX', supports: SUPPORTS, types: TYPES, plan: (operator, context) => plan(operator, context, 'max') };

/** REDUCE_MIN; see firmware/kernels/nn_reduce.h. */
export const reduceMin: OperatorGenerator = { op: 'REDUCE_MIN', supports: SUPPORTS, types: TYPES, plan: (operator, context) => plan(operator, context, 'min') };

function plan(operator: Operator, { graph }: PlanContext, which: 'max' | 'min'): LayerPlan {
  const axes = readReducedAxes(graph, operator);
  const { dtype } = axes.input;
  need(dtype === 'int8' || dtype === 'float32', `input is ${dtype}; int8 and float32 are supported`);
  if (dtype === 'int8') {
    const [x, y] = [perTensor(axes.input, 'input'), perTensor(axes.output, 'output')];
    need(x.scale === y.scale && x.zeroPoint === y.zeroPoint, 'input and output differ in scale or zero point');
  }
  return reducePlan(axes, `nn_run_reduce_${which}_${dtype === 'int8' ? 'int8' : 'float'}`);
}
