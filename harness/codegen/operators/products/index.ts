import type { OperatorGenerator } from '../../context.ts';
import { batchMatmul } from './batch-matmul.ts';
import { conv2d } from './conv-2d.ts';
import { depthwiseConv2d } from './depthwise-conv-2d.ts';
import { fullyConnected } from './fully-connected.ts';
import { transposeConv } from './transpose-conv.ts';

export const generators: readonly OperatorGenerator[] = [batchMatmul, conv2d, depthwiseConv2d, fullyConnected, transposeConv];
