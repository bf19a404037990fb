import type { OperatorGenerator } from '../../context.ts';
import { readPool } from '../../layers/pool.ts';
import { chooseKernel } from '../../targets/kernel-set.ts';

/** MAX_POOL_2D; see firmware/kernels/nn_max_pool.h. */
export const maxPool2d: OperatorGenerator = {
  op: 'MAX_POOL_2D',
  supports: 'int8, int16, float32; input and output of one scale and zero point',
  types: ['int8', 'int16', 'float32'],
  plan: (operator, context) => chooseKernel(context.target, 'maxPool', readPool(operator, context)),
};
