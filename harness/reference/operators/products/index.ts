import type { OperatorReference } from '../../context.ts';
import { conv2d } from './conv-2d.ts';
import { depthwiseConv2d } from './depthwise-conv-2d.ts';
import { fullyConnected } from './fully-connected.ts';

export const references: readonly OperatorReference[] = [conv2d, depthwiseConv2d, fullyConnected];
