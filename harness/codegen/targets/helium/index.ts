import type { KernelSet } from '../kernel-set.ts';
import { add } from './add.ts';
import { averagePool } from './average-pool.ts';
import { convolution } from './convolution.ts';
import { depthwise } from './depthwise.ts';
import { fullyConnected } from './fully-connected.ts';
import { lstm } from './lstm.ts';
import { maxPool } from './max-pool.ts';

export const heliumKernels: KernelSet = { name: 'helium', add, averagePool, convolution, depthwise, fullyConnected, lstm, maxPool };
