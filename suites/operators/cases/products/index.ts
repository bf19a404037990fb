import type { OperatorCase } from '../../case.ts';
import { batchMatmul } from './batch-matmul.ts';
import { conv2dInt8 } from './conv-2d-int8.ts';
import { conv2dFloat, conv2dInt16 } from './conv-2d-wide.ts';
import { depthwiseConv2dInt8 } from './depthwise-conv-2d-int8.ts';
import { depthwiseConv2dFloat, depthwiseConv2dInt16 } from './depthwise-conv-2d-wide.ts';
import { fullyConnectedInt8 } from './fully-connected-int8.ts';
import { fullyConnectedFloat, fullyConnectedInt16 } from './fully-connected-wide.ts';
import { productChains } from './chains.ts';
import { int4Weights } from './int4-weights.ts';
import { scaleProducts } from './scale-products.ts';
import { transposeConv } from './transpose-conv.ts';

export const cases: readonly OperatorCase[] = [
  ...conv2dInt8, ...depthwiseConv2dInt8, ...fullyConnectedInt8,
  ...conv2dInt16, ...depthwiseConv2dInt16, ...fullyConnectedInt16,
  ...conv2dFloat, ...depthwiseConv2dFloat, ...fullyConnectedFloat,
  ...transposeConv, ...batchMatmul, ...scaleProducts, ...int4Weights, ...productChains,
];
