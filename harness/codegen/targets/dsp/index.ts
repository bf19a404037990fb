import type { KernelSet } from '../kernel-set.ts';
import { averagePool } from './average-pool.ts';
import { convolution } from './convolution.ts';
import { depthwise } from './depthwise.ts';
import { fullyConnected } from './fully-connected.ts';
import { lstm } from './lstm.ts';
import { maxPool } from './max-pool.ts';

/** Cores with 16-bit SIMD: Cortex-M4, M7, M33. */
export const dspKernels: KernelSet = { name: 'dsp', averagePool, convolution, depthwise, fullyConnected, lstm, maxPool };
