import type { KernelSet } from '../kernel-set.ts';

export const dspKernels: KernelSet = { name: 'dsp' };
