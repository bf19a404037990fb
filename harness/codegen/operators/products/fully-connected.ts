import type { OperatorGenerator } from '../../context.ts';
import { readFullyConnected } from '../../layers/fully-connected.ts';
import { chooseKernel } from '../../targets/kernel-set.ts';

/** FULLY_CONNECTED with constant int8 weights, per tensor or per channel. */
export const fullyConnected: OperatorGenerator = {
  op: 'FULLY_CONNECTED',
  supports: 'int8 with constant int8 weights (one scale or one a channel), int32 bias or none',
  types: ['int8'],
  plan: (operator, context) => chooseKernel(context.target, 'fullyConnected', readFullyConnected(operator, context)),
};
