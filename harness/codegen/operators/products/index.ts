import type { OperatorGenerator } from '../../context.ts';
import { conv2d } from './conv-2d.ts';
import { depthwiseConv2d } from './depthwise-conv-2d.ts';
import { fullyConnected } from './fully-connected.ts';

export const generators: readonly OperatorGenerator[] = [conv2d, depthwiseConv2d, fullyConnected];
