import type { OperatorCase } from '../../case.ts';
import { pools } from './pool.ts';
import { reduces } from './reduce.ts';

export const cases: readonly OperatorCase[] = [...pools, ...reduces];
