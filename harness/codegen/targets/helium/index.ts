import type { KernelSet } from '../kernel-set.ts';
import { averagePool } from './average-pool.ts';

export const heliumKernels: KernelSet = { name: 'helium', averagePool };
