import type { KernelSet } from '../kernel-set.ts';

export const heliumKernels: KernelSet = { name: 'helium' };
