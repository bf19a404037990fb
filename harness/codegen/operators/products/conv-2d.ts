import type { OperatorGenerator } from '../../context.ts';
import { readConvolution } from '../../layers/convolution.ts';
import { chooseKernel } from '../../targets/kernel-set.ts';

/** CONV_2D with constant int8 weights, grouped or not. */
export const conv2d: OperatorGenerator = {
  op: 'CONV_2D',
  supports: 'int8 with constant int8 weights (one scale or one a channel), int32 bias or none; any stride, dilation, groups',
  types: ['int8'],
  plan: (operator, context) => chooseKernel(context.target, 'convolution', readConvolution(operator, context)),
};
