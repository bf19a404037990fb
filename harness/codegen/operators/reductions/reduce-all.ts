import type { OperatorGenerator } from '../../context.ts';
import { need } from '../refusal.ts';
import { reducePlan } from './reduce-code.ts';
import { readReducedAxes } from './reduced-axes.ts';

/** REDUCE_ALL; see firmware/kernels/nn_reduce.h. */
export const reduceAll: OperatorGenerator = {
  op: 'REDUCE_ALL',
  supports: 'bool over constant axes',
  types: ['bool'],
  plan(operator, { graph }) {
    const axes = readReducedAxes(graph, operator);
    need(axes.input.dtype === 'bool', `input is ${axes.input.dtype}; only bool is supported`);
    return reducePlan(axes, 'nn_run_reduce_all');
  },
};
