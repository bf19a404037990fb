import type { OperatorGenerator } from '../../context.ts';
import { readPool } from '../../layers/pool.ts';
import { need } from '../refusal.ts';
import { poolPlan } from './pool-code.ts';

/** L2_POOL_2D; see firmware/kernels/nn_l2_pool.h. */
export const l2Pool2d: OperatorGenerator = {
  op: 'L2_POOL_2D',
  supports: 'float32',
  types: ['float32'],
  plan(operator, context) {
    const layer = readPool(operator, context);
    need(layer.dtype === 'float32', `input is ${layer.dtype}; only float32 is supported`);
    return poolPlan(layer, 'l2_pool');
  },
};
