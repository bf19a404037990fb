import type { OperatorCase } from '../../case.ts';
import { flow } from './flow.ts';
import { variables } from './variables.ts';

export const cases: readonly OperatorCase[] = [...flow, ...variables];
