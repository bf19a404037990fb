import type { KernelSet } from '../kernel-set.ts';
import { add } from './add.ts';
import { averagePool } from './average-pool.ts';
import { convPairs } from './conv-pairs.ts';
import { convolution } from './convolution.ts';
import { depthwise3x3 } from './depthwise-3x3.ts';
import { depthwise } from './depthwise.ts';
import { fullyConnected } from './fully-connected.ts';
import { lstm } from './lstm.ts';
import { maxPool } from './max-pool.ts';

/** Plain C99 for any core. */
export const portableKernels: KernelSet = { name: 'portable', add, averagePool, convolution: (layer) => convPairs(layer) ?? convolution(layer), depthwise: (layer) => depthwise3x3(layer) ?? depthwise(layer), fullyConnected, lstm, maxPool };
