import type { KernelSet } from '../kernel-set.ts';
import { add } from './add.ts';
import { averagePool } from './average-pool.ts';

export const heliumKernels: KernelSet = { name: 'helium', add, averagePool };
