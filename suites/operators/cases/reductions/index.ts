import type { OperatorCase } from '../../case.ts';
import { pools } from './pool.ts';

export const cases: readonly OperatorCase[] = [...pools];
