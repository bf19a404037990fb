import type { OperatorCase } from '../../case.ts';
import { conv2dInt8 } from './conv-2d-int8.ts';
import { depthwiseConv2dInt8 } from './depthwise-conv-2d-int8.ts';
import { fullyConnectedInt8 } from './fully-connected-int8.ts';

export const cases: readonly OperatorCase[] = [...conv2dInt8, ...depthwiseConv2dInt8, ...fullyConnectedInt8];
