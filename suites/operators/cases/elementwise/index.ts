import type { OperatorCase } from '../../case.ts';
import { sum } from './sum.ts';

export const cases: readonly OperatorCase[] = [...sum];
