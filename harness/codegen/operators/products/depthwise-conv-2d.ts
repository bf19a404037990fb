import type { OperatorGenerator } from '../../context.ts';
import { readDepthwise } from '../../layers/depthwise.ts';
import { chooseKernel } from '../../targets/kernel-set.ts';

/** DEPTHWISE_CONV_2D with constant int8 weights. */
export const depthwiseConv2d: OperatorGenerator = {
  op: 'DEPTHWISE_CONV_2D',
  supports: 'int8 with constant int8 weights (one scale or one a channel), int32 bias or none; any stride, dilation, depth multiplier',
  types: ['int8'],
  plan: (operator, context) => chooseKernel(context.target, 'depthwise', readDepthwise(operator, context)),
};
