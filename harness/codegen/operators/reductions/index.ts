import type { OperatorGenerator } from '../../context.ts';
import { averagePool2d } from './average-pool-2d.ts';
import { reduceMax, reduceMin } from './greatest-and-least.ts';
import { l2Pool2d } from './l2-pool-2d.ts';
import { maxPool2d } from './max-pool-2d.ts';
import { mean, sum } from './mean-and-sum.ts';
import { reduceAll } from './reduce-all.ts';

export const generators: readonly OperatorGenerator[] = [averagePool2d, l2Pool2d, maxPool2d, mean, reduceAll, reduceMax, reduceMin, sum];
